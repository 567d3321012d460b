"""Pictures from JPEG files through the augmentation of training, as in Sources/bench/Benchmarks/Loading.swift.

torchvision's transforms on Pillow's pictures, in a DataLoader of two worker processes that live on between epochs.
"""

from measure import Work, main

COUNT, BATCH, FILES = 256, 32, 64
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def write_pictures(folder):
    import numpy
    from PIL import Image

    y, x, channel = numpy.ogrid[:375, :500, :3]
    for number in range(FILES):
        wave = numpy.sin(x / (7 + channel) + number) * numpy.cos(y / (11 + number))
        grain = (x * 31 + y * 17 + channel * 7 + number * 13) % 23
        pixels = (116 + 60 * wave + grain).astype("uint8")
        Image.fromarray(pixels).save(folder / f"{number}.jpg", quality=90, subsampling=0)


def torchvision(size):
    import tempfile
    from pathlib import Path

    import torch
    from PIL import Image
    from torchvision import transforms

    folder = tempfile.TemporaryDirectory()
    write_pictures(Path(folder.name))
    augment = transforms.Compose([
        transforms.RandomResizedCrop(int(size)),
        transforms.RandomHorizontalFlip(),
        transforms.ToTensor(),
        transforms.Normalize(MEAN, DEVIATION),
    ])

    class Pictures(torch.utils.data.Dataset):
        def __len__(self):
            return COUNT

        def __getitem__(self, index):
            return augment(Image.open(f"{folder.name}/{index % FILES}.jpg").convert("RGB"))

    batches = torch.utils.data.DataLoader(Pictures(), BATCH, num_workers=2, persistent_workers=True)

    def epoch():
        for batch in batches:
            pass

    return Work(epoch, repetitions=COUNT)


main(["224"], {"torchvision": torchvision})
