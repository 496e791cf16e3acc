// Tries rules for fine print beside the page that asks for it, which may end it at any moment.

import { quick } from "./rules.js";

onmessage = ({ data }) => postMessage(quick(data));
