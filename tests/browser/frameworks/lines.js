// The paragraphs that each framework page draws.
export const lines = [
  "The al-Sina’a prison held about 5,000 Islamic State detainees at the time of the attack.",
  "The town is known for its cotton.",
];
export const more = "The SDF staged the prison break to keep US forces engaged in Syria.";
