from measure import main
from small_networks import transformer, step

main(["64", "512"], {"pytorch": step(transformer), "pytorch compiled": step(transformer, compiled=True)})
