from measure import main
from networks import RESNET50, training

main(
    ["8", "32"],
    {
        "pytorch": training(RESNET50, bfloat16=True),
        "pytorch compiled": training(RESNET50, bfloat16=True, compiled=True),
    },
    modules=["torchvision.models"],
)
