from measure import main
from networks import RESNET50, training

main(
    ["8", "32"],
    {
        "pytorch channels-last": training(RESNET50),
        "pytorch contiguous": training(RESNET50, contiguous=True),
        "pytorch compiled": training(RESNET50, compiled=True),
    },
    modules=["torchvision.models"],
)
