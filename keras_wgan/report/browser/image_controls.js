// The controls of a page of images: they choose a label and a latent, and draw the image.

import { DoubledImage } from "./image_generator.js";
import { fillNormals } from "./noise.js";

const STEPS = 100; // of the slider between two latents
const MAX_SEED = 999999;

export function start(section, data) {
  const generator = new DoubledImage(data.generator);
  const controls = section.querySelector("form").elements;
  const large = section.querySelector("canvas.large");
  const strip = [...section.querySelectorAll(".strip canvas")];
  const latent = (seed) => fillNormals(new Float64Array(generator.latentSize), seed, 0);

  function draw() {
    const [from, to] = [controls.from, controls.to].map((control) => latent(seedOf(control)));
    const label = generator.classes ? Number(controls.label.value) : 0;
    const begun = performance.now();
    strip.forEach((canvas, place) => {
      paint(canvas, generator, between(from, to, place / (strip.length - 1)), label);
    });
    paint(large, generator, between(from, to, controls.step.value / STEPS), label);
    const time = (performance.now() - begun) / (strip.length + 1);
    section.querySelector('[data-output="step"]').textContent = `${controls.step.value}%`;
    section.querySelector('[data-value="status"]').textContent = `An image takes ${time.toFixed(0)} ms.`;
    section.dataset.milliseconds = time;
    section.dataset.state = "done";
  }

  section.addEventListener("input", draw);
  section.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
  section.querySelector(".another").addEventListener("click", () => {
    controls.from.value = controls.to.value;
    controls.to.value = (seedOf(controls.to) * 1103 + 12345) % (MAX_SEED + 1);
    draw();
  });
  strip.forEach((canvas, place) => {
    canvas.addEventListener("click", () => {
      controls.step.value = Math.round((STEPS * place) / (strip.length - 1));
      draw();
    });
  });
  section.querySelector(".app").hidden = false;
  draw();
}

function seedOf(control) {
  return Math.min(Math.max(Math.round(Number(control.value) || 0), 0), MAX_SEED);
}

// On a circle, so that all latents on the way are as long as normals are.
function between(from, to, share) {
  const angle = (share * Math.PI) / 2, one = Math.cos(angle), other = Math.sin(angle);
  return from.map((value, k) => one * value + other * to[k]);
}

function paint(canvas, generator, latents, label) {
  const { width, height, channels } = generator;
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d"), image = context.createImageData(width, height);
  generator.draw(latents, label).forEach((value, place) => {
    const shade = Math.round(127.5 * (value + 1)), pixel = Math.floor(place / channels);
    if (channels === 3) image.data[4 * pixel + (place % 3)] = shade;
    else image.data.fill(shade, 4 * pixel, 4 * pixel + 3);
    image.data[4 * pixel + 3] = 255;
  });
  context.putImageData(image, 0, 0);
}
