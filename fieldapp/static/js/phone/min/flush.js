// 72decd9dfc3f683d
import{d as o,e as r}from"./part-FQYRLTYC.js";import"./part-YCVBJALI.js";export{r as flushFromWorker,o as outbox};
