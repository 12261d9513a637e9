// b02460de203bedfa
import{d as o,e as r}from"./part-KLJME535.js";import"./part-UZSKW566.js";import"./part-XD7FFFV5.js";import"./part-TYZRVOGC.js";export{r as flushFromWorker,o as outbox};
