"""Pictures from JPEG files through the augmentation of training, as in Sources/bench/Benchmarks/Loading.swift.

torchvision's transforms, in a DataLoader of two worker processes that live on between epochs: of Pillow's pictures, and of tensors from
torchvision's own decoder.
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


def torchvision(size, tensors=False):
    import tempfile
    from pathlib import Path

    import torch
    from torchvision import io
    from torchvision.transforms import v2

    folder = tempfile.TemporaryDirectory()
    write_pictures(Path(folder.name))
    augment = v2.Compose([
        v2.RandomResizedCrop(int(size)),
        v2.RandomHorizontalFlip(),
        *([] if tensors else [v2.ToImage()]),
        v2.ToDtype(torch.float32, scale=True),
        v2.Normalize(MEAN, DEVIATION),
    ])

    def picture(file):
        from PIL import Image

        if tensors:
            return io.decode_jpeg(io.read_file(file), io.ImageReadMode.RGB)
        return Image.open(file).convert("RGB")

    class Pictures(torch.utils.data.Dataset):
        def __len__(self):
            return COUNT

        def __getitem__(self, index):
            return augment(picture(f"{folder.name}/{index % FILES}.jpg"))

    batches = torch.utils.data.DataLoader(Pictures(), BATCH, num_workers=2, persistent_workers=True)

    def epoch():
        for batch in batches:
            pass

    return Work(epoch, repetitions=COUNT)


main(["224"], {"torchvision with Pillow": torchvision, "torchvision": lambda size: torchvision(size, tensors=True)})
