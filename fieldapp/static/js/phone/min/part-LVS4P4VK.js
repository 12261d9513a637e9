// f95404b30101d35f
import{f as a,g as b,h as c}from"./part-PG6XINTS.js";import"./part-3TP46YMH.js";export{a as portable,c as startSealing,b as useKeys};
