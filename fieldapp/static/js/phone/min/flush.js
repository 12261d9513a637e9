// 99eb06ed37b558f7
import{d as o,e as r}from"./part-GD3JKL36.js";import"./part-3B2VFOSE.js";export{r as flushFromWorker,o as outbox};
