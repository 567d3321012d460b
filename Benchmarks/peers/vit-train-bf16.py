from measure import main
from networks import VIT, training

main(
    ["8", "32"],
    {
        "pytorch": training(VIT, bfloat16=True),
        "pytorch compiled": training(VIT, bfloat16=True, compiled=True),
    },
    modules=["torchvision.models"],
)
