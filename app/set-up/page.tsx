import type { Metadata } from "next";
import { SetUp } from "../../components/door/set-up";
import { publicPage } from "../guard";

export const metadata: Metadata = { title: "Set up" };

export default publicPage(SetUp);
