from measure import main
from networks import RESNET50, inference

main(
    ["8"],
    {
        "pytorch channels-last": inference(RESNET50),
        "pytorch contiguous": inference(RESNET50, contiguous=True),
        "pytorch compiled": inference(RESNET50, compiled=True),
        "pytorch frozen": inference(RESNET50, frozen=True),
    },
    modules=["torchvision.models"],
)
