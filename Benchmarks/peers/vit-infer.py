from measure import main
from networks import VIT, inference

main(
    ["8"],
    {
        "pytorch": inference(VIT),
        "pytorch compiled": inference(VIT, compiled=True),
        "pytorch frozen": inference(VIT, frozen=True),
    },
    modules=["torchvision.models"],
)
