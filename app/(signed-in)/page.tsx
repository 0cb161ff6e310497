import { redirect } from "next/navigation";
import { page } from "../guard";

/** Until there is a Home. */
function StartPage(): never {
  redirect("/dags");
}

export default page("dag.read", StartPage);
