// 72decd9dfc3f683d
import{d as a,e as b}from"./part-FQYRLTYC.js";import"./part-YCVBJALI.js";export{b as flushFromWorker,a as outbox};
