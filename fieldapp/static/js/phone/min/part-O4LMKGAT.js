// 99eb06ed37b558f7
import{d as a,e as b}from"./part-GD3JKL36.js";import"./part-3B2VFOSE.js";export{b as flushFromWorker,a as outbox};
