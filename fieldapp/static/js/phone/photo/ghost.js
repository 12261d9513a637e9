// The camera with an earlier photo of the same place over it, half transparent, so that before and after are
// taken from one spot. Throws when there is no camera or it may not be used: then the ordinary way remains.
import { toJpeg } from "./shrink.js";

const WANTED = { audio: false, video: { facingMode: "environment", width: { ideal: 1920 }, height: { ideal: 1440 } } };

/** A photo of at most `longest` px, or null when somebody gave up. */
export async function shoot(dialog, url, longest) {
  const part = (name) => dialog.querySelector(`[data-ghost-${name}]`);
  const [view, earlier, strength, shutter] = ["view", "earlier", "strength", "shutter"].map(part);
  const stream = await navigator.mediaDevices.getUserMedia(WANTED).catch((error) => {
    dialog.remove();
    throw error;
  });
  earlier.src = url;
  view.srcObject = stream;
  const show = () => (earlier.style.opacity = String(strength.value / 100));
  strength.addEventListener("input", show);
  show();
  dialog.showModal();
  view.play();
  return new Promise((resolve, reject) => {
    let taken = null;
    shutter.addEventListener("click", async () => {
      try {
        taken = await frame(view, longest);
        dialog.close();
      } catch (error) {
        reject(error);
        dialog.close();
      }
    });
    dialog.addEventListener("close", () => {
      for (const track of stream.getTracks()) track.stop();
      view.srcObject = null;
      resolve(taken);
    });
  });
}

async function frame(view, longest) {
  const scale = Math.min(1, longest / Math.max(view.videoWidth, view.videoHeight));
  const blob = await toJpeg(view, Math.round(view.videoWidth * scale), Math.round(view.videoHeight * scale));
  return new File([blob], "foto-erna.jpg", { type: "image/jpeg", lastModified: Date.now() });
}
