// What `import ... from "vane/notify"` gives.
export { telegram, type TelegramOptions } from "./telegram";
