// Puts each new table that the server sends in the place of the old one, and says so when none arrives any more.
"use strict";

const board = document.getElementById("board");
const notice = document.getElementById("link");
const QUIET_MS = 35000; // the server sends at least every 10 s
let heard = Date.now();

const stream = new EventSource("/fleet/stream");
stream.onmessage = (message) => {
  heard = Date.now();
  notice.hidden = true;
  board.innerHTML = JSON.parse(message.data);
};
setInterval(() => {
  notice.hidden = Date.now() - heard < QUIET_MS;
}, 5000);
