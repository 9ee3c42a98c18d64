// Everything here is a comfort: each page does its work without it.
import "./once.js";
import "./autosave.js";
import "./grid.js";
import "./panels.js";
import "./rows.js";
import "./keys.js";
import "./announce.js";
import "./menu.js";
import "./passkeys.js";
import "./onward.js";
