// b02460de203bedfa
import{d as a,e as b}from"./part-KLJME535.js";import"./part-UZSKW566.js";import"./part-XD7FFFV5.js";import"./part-TYZRVOGC.js";export{b as flushFromWorker,a as outbox};
