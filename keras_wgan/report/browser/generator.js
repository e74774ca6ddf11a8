// The market generators of all forms.
//
// A form is a class with `begin`, `firstDay` and `next`, found by the name in its description;
// another form of the generator adds another class.

import { JointMarket } from "./joint_generator.js";
import { ShockMemory } from "./shock_memory_generator.js";
import { SingleMarket } from "./single_generator.js";

const FORMS = { "single": SingleMarket, "joint": JointMarket, "shock-memory": ShockMemory };

export function generatorOf(description) {
  return new FORMS[description.form](description);
}

// Scaled returns of `history + days` days of noise: what the Keras model computes.
export function generate(generator, noise, days) {
  const state = generator.begin(noise);
  const later = noise.subarray(generator.history * generator.assets);
  return generator.next(state, later, days, new Float64Array(days * generator.assets));
}
