from measure import main
from small_networks import classifier, step

main(["50", "256"], {"pytorch": step(classifier), "pytorch compiled": step(classifier, compiled=True)})
