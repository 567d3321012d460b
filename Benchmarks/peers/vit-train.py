from measure import main
from networks import VIT, training

main(
    ["8", "32"],
    {
        "pytorch": training(VIT),
        "pytorch compiled": training(VIT, compiled=True),
    },
    modules=["torchvision.models"],
)
