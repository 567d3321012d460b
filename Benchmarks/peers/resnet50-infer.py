from measure import Work, main


def pytorch(size, memory_format):
    import torch
    from torchvision.models import resnet50

    batch = int(size)
    model = resnet50(weights=None).to(memory_format=memory_format(torch))
    images = torch.randn(batch, 3, 224, 224).to(memory_format=memory_format(torch))
    model.eval()

    def run():
        with torch.inference_mode():
            model(images)

    return Work(run, flops=8.18e9 * batch)


main(
    ["8"],
    {
        "pytorch channels-last": lambda size: pytorch(size, lambda torch: torch.channels_last),
        "pytorch contiguous": lambda size: pytorch(size, lambda torch: torch.contiguous_format),
    },
)
