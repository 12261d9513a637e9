// 820dab8490027e76
import{d as o,e as r}from"./part-6KLUTL5W.js";import"./part-UTE3TFCZ.js";import"./part-YECRD5WI.js";import"./part-SO5C6BUJ.js";export{r as flushFromWorker,o as outbox};
