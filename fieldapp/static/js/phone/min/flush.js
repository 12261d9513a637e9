// 323892e59ec5746d
import{d as o,e as r}from"./part-MFDKCJER.js";import"./part-2RS52USH.js";import"./part-XD7FFFV5.js";import"./part-TYZRVOGC.js";export{r as flushFromWorker,o as outbox};
