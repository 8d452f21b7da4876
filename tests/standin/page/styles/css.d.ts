declare module "*.css";
declare module "mousetrap-pause";
