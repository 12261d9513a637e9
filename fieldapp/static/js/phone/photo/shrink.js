// A photo as it may leave the phone: upright, at most so many pixels, drawn anew. Drawing anew leaves out
// everything the file told beside the picture (EXIF: place, phone, owner).
import { HEAD, readHead } from "./exif.js";

const QUALITY = 0.82;
const SMALLEST_TRY = 800; // px; when a phone has too little memory a smaller photo is better than none

/** {file, taken_at}: taken_at ISO, from the photo or else from the file. A kind that only the server can draw
 *  comes back as it is. Throws when it is no picture. */
export async function shrink(file, longest) {
  const said = readHead(await file.slice(0, HEAD).arrayBuffer());
  const taken_at = said.taken_at ?? (file.lastModified ? new Date(file.lastModified).toISOString() : null);
  if (said.heif && !(await canDraw(file))) return { file, taken_at };
  let blob;
  try {
    blob = await redraw(file, said, longest);
  } catch (error) {
    if (longest <= SMALLEST_TRY) throw error;
    blob = await redraw(file, said, SMALLEST_TRY);
  }
  const name = `${file.name.replace(/\.\w+$/, "") || "foto"}.jpg`;
  return { file: new File([blob], name, { type: "image/jpeg", lastModified: file.lastModified }), taken_at };
}

async function canDraw(file) {
  try {
    (await createImageBitmap(file, { resizeWidth: 8 })).close();
    return true;
  } catch {
    return false;
  }
}

/** The browser makes it small while decoding, so that 20 megapixels never lie in memory twice. */
async function decode(file, { width, height, orientation }, longest) {
  const options = { imageOrientation: "from-image" };
  if (Math.max(width ?? 0, height ?? 0) > longest) {
    const upright = orientation >= 5 ? height > width : width > height; // turned a quarter
    Object.assign(options, { [upright ? "resizeWidth" : "resizeHeight"]: longest, resizeQuality: "high" });
  }
  return createImageBitmap(file, options);
}

async function redraw(file, said, longest) {
  const image = await decode(file, said, longest);
  try {
    const scale = Math.min(1, longest / Math.max(image.width, image.height));
    return await toJpeg(image, Math.round(image.width * scale) || 1, Math.round(image.height * scale) || 1);
  } finally {
    image.close();
  }
}

/** Anything drawable as a JPEG of this size. Throws when the browser had no memory for it: a blank photo is a
 *  lost photo. */
export async function toJpeg(image, width, height) {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  try {
    const paper = canvas.getContext("2d");
    paper.fillStyle = "#fff"; // what is see-through becomes white, not black
    paper.fillRect(0, 0, width, height);
    paper.drawImage(image, 0, 0, width, height);
    if (paper.getImageData(width >> 1, height >> 1, 1, 1).data[3] !== 255) throw new Error("no memory for this photo");
    return await asBlob(canvas);
  } finally {
    canvas.width = canvas.height = 0; // gives the memory back at once
  }
}

/** What a canvas shows, as JPEG. */
export async function asBlob(canvas) {
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  if (!blob?.size) throw new Error("no picture came out");
  return blob;
}
