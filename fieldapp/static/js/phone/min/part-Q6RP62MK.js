// 323892e59ec5746d
import{d as a,e as b}from"./part-MFDKCJER.js";import"./part-2RS52USH.js";import"./part-XD7FFFV5.js";import"./part-TYZRVOGC.js";export{b as flushFromWorker,a as outbox};
