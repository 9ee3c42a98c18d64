// A real OpenID Provider for the tests: node provider.mjs PORT PEOPLE REDIRECT_URIS (both JSON). Says "ready".
import Provider from "oidc-provider";

const [port, people, redirectUris] = process.argv.slice(2).map((word) => JSON.parse(word));
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    {
      client_id: "ayumi",
      client_secret: "a secret of the tests/with+signs",
      redirect_uris: redirectUris,
      grant_types: ["authorization_code"],
      response_types: ["code"],
    },
  ],
  findAccount: (_context, id) => people[id] && { accountId: id, claims: () => ({ sub: id, ...people[id] }) },
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
  pkce: { required: () => true },
});
provider.listen(port, "127.0.0.1", () => console.log("ready"));
