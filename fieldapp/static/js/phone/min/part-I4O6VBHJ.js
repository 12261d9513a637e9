// 727e48af72159258
import{f as a,g as b,h as c}from"./part-EM5BUQBT.js";import"./part-JYLD74LP.js";export{a as portable,c as startSealing,b as useKeys};
