// A picture of lines as one of pixels.

/** Pixels of the picture per CSS pixel. */
export const SCALE = 2;

/** @param {{ markup: string, width: number, height: number }} picture @returns {Promise<Blob>} A PNG. */
export async function png({ markup, width, height }) {
  const address = URL.createObjectURL(new Blob([markup], { type: 'image/svg+xml' }));
  try {
    const image = document.createElement('img');
    image.src = address;
    await image.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [width * SCALE, height * SCALE];
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => {
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('this browser cannot make a picture so large'))), 'image/png');
    });
  } finally {
    URL.revokeObjectURL(address);
  }
}
