/* The cases that AWS publishes for Signature Version 4: what is signed, and
 * the signatures that must come of it.  Left out are those of path
 * normalisation, which S3 does not have, and repetitions. */
#include "vectors.h"

#define EXAMPLE                                           \
	{                                                 \
		STR("Host"), STR("example.amazonaws.com") \
	}
/* SHA-256 of the form that two of them send. */
static const char form[] =
    "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e";

const struct vector vectors[] = {
    {.name = "get-header-key-duplicate",
	.method = STR("GET"),
	.path = STR("/"),
	.headers = {EXAMPLE, {STR("My-Header1"), STR("value2")},
	    {STR("My-Header1"), STR("value2")},
	    {STR("My-Header1"), STR("value1")}},
	.payload = SIGV4_EMPTY,
	.in_headers =
	    "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea",
	.in_query =
	    "3349ee0b81b4b589da0ff28a395c3591e04de515651dd74f298fa992d1507a97"},
    {.name = "get-header-value-multiline",
	.method = STR("GET"),
	.path = STR("/"),
	.headers = {EXAMPLE,
	    {STR("My-Header1"), STR("value1\n  value2\n     value3")}},
	.payload = SIGV4_EMPTY,
	.in_headers =
	    "cfd34249e4b1c8d6b91ef74165d41a32e5fab3306300901bb65a51a73575eefd",
	.in_query =
	    "e6f5def831211aca02987a44b96826706278c7bc078112ae0263659c5b2f2d56"},
    {.name = "get-header-value-order",
	.method = STR("GET"),
	.path = STR("/"),
	.headers = {EXAMPLE, {STR("My-Header1"), STR("value4")},
	    {STR("My-Header1"), STR("value1")},
	    {STR("My-Header1"), STR("value3")},
	    {STR("My-Header1"), STR("value2")}},
	.payload = SIGV4_EMPTY,
	.in_headers =
	    "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01",
	.in_query =
	    "313720e71ca6202fdcfa9b20f88de01a4eb0638a83c833b1c184359a4eda864e"},
    {.name = "get-header-value-trim",
	.method = STR("GET"),
	.path = STR("/"),
	.headers = {EXAMPLE, {STR("My-Header1"), STR(" value1")},
	    {STR("My-Header2"), STR(" \"a   b   c\"")}},
	.payload = SIGV4_EMPTY,
	.in_headers =
	    "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736",
	.in_query =
	    "e7bb0fd515e125e1aec2ecc4c0c17484fb06f6846b927c35e46005dd3df3acd4"},
    {.name = "get-relative-relative",
	.method = STR("GET"),
	.path = STR("/example1/example2/../.."),
	.headers = {EXAMPLE},
	.payload = SIGV4_EMPTY,
	.in_headers =
	    "dc33e0856fd4baca4d7aa2146c38958283844764f38c74252a333df5e613003b",
	.in_query =
	    "b45db0bfd1cf15003493b733e33aa208dd981bd0e63037a6ed953f71d2118a16"},
    {.name = "get-relative",
	.method = STR("GET"),
	.path = STR("/example/.."),
	.headers = {EXAMPLE},
	.payload = SIGV4_EMPTY,
	.in_headers =
	    "eca7ead57bb5aa5c8e28007acd4ff04e1ff9a0ff3b237ec1554a184887ff9282",
	.in_query =
	    "cbcb213b928a077e43275df47b500f1dfaa864ab3f5a18f6b95f4ff0938167ee"},
    {.name = "get-slash-dot-slash",
	.method = STR("GET"),
	.path = STR("/./"),
	.headers = {EXAMPLE},
	.payload = SIGV4_EMPTY,
	.in_headers =
	    "68714168e6557f8f2de0ef956fc24dc2593a4bd2961f8df51898d8a134695145",
	.in_query =
	    "a9b13e8f3484d9505bf1a6f347219f8f35b0fe8f128ceea597efc146a3dfe90c"},
    {.name = "get-slash-pointless-dot",
	.method = STR("GET"),
	.path = STR("/./example"),
	.headers = {EXAMPLE},
	.payload = SIGV4_EMPTY,
	.in_headers =
	    "beb03f223f7deae4146464f06e29eebbee9c8afbe15c290cf07aa8b119e14cff",
	.in_query =
	    "72b11f16d9530b18204bfb71f2d6ab085894c0ed8d352730a6e76234c58b5e10"},
    {.name = "get-slash",
	.method = STR("GET"),
	.path = STR("//"),
	.headers = {EXAMPLE},
	.payload = SIGV4_EMPTY,
	.in_headers =
	    "c88bcd3d312d75078c0cd961d6deae3f4c754924b01669efcfcb439fd5e5b76e",
	.in_query =
	    "b2a9542809db687769200f56a844a03f2bd0291d6eb90232d5101c6a579446cd"},
    {.name = "get-slashes",
	.method = STR("GET"),
	.path = STR("//example//"),
	.headers = {EXAMPLE},
	.payload = SIGV4_EMPTY,
	.in_headers =
	    "87cca117541a147f6df867677d98a7d80dff226d2bfca9e4ffa899665623c7e5",
	.in_query =
	    "822a5a9ba28072c5ab2bb4a6307d0c88276d40e49fec6b724c03fb4d4ba60fc2"},
    {.name = "get-space",
	.method = STR("GET"),
	.path = STR("/example space/"),
	.headers = {EXAMPLE},
	.payload = SIGV4_EMPTY,
	.in_headers =
	    "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741",
	.in_query =
	    "7a1f416954786484c9824d93c1f26ef64acb9b1b6c9154d08c9f07d0e394abf6"},
    {.name = "get-unreserved",
	.method = STR("GET"),
	.path = STR(
	    "/-._~"
	    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"),
	.headers = {EXAMPLE},
	.payload = SIGV4_EMPTY,
	.in_headers =
	    "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f",
	.in_query =
	    "95968482db1b9e0fadef6efc1bd24689f77c77d9ef56919c96a28cc92e0d6005"},
    {.name = "get-utf8",
	.method = STR("GET"),
	.path = STR("/\xe1\x88\xb4"),
	.headers = {EXAMPLE},
	.payload = SIGV4_EMPTY,
	.in_headers =
	    "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85",
	.in_query =
	    "10eae3f14a260bd3911cc6d008d3c576d143b05b62f09782a7a4b37f52178e44"},
    {.name = "get-vanilla",
	.method = STR("GET"),
	.path = STR("/"),
	.headers = {EXAMPLE},
	.payload = SIGV4_EMPTY,
	.in_headers =
	    "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
	.in_query =
	    "e93c787ed7f371d5c6b165c1b38ede9550f4dce4144713e844b25b7192d3865d"},
    {.name = "get-vanilla-empty-query-key",
	.method = STR("GET"),
	.path = STR("/"),
	.query = {{STR("Param1"), STR("value1")}},
	.headers = {EXAMPLE},
	.payload = SIGV4_EMPTY,
	.in_headers =
	    "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb",
	.in_query =
	    "49096700cbbaa5753443850f40df10f904fc2fdb544dc9512203cc77c471a9de"},
    {.name = "get-vanilla-query-order-encoded",
	.method = STR("GET"),
	.path = STR("/"),
	.query = {{STR("Param-3"), STR("Value3")},
	    {STR("Param"), STR("Value2")},
	    {STR("\xe1\x88\xb4"), STR("Value1")}},
	.headers = {EXAMPLE},
	.payload = SIGV4_EMPTY,
	.in_headers =
	    "371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac",
	.in_query =
	    "c5f1848ceec943ac2ca68ee720460c23aaae30a2300586597ada94c4a65e4787"},
    {.name = "get-vanilla-query-order-key-case",
	.method = STR("GET"),
	.path = STR("/"),
	.query = {{STR("Param2"), STR("value2")},
	    {STR("Param1"), STR("value1")}},
	.headers = {EXAMPLE},
	.payload = SIGV4_EMPTY,
	.in_headers =
	    "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
	.in_query =
	    "86012e2c9ad4d77369f5d81c11f75158aae4f895a085212cc6d3f923d300bed5"},
    {.name = "get-vanilla-query-unreserved",
	.method = STR("GET"),
	.path = STR("/"),
	.query = {{STR("-._~"
		       "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrs"
		       "tuvwxyz"),
	    STR("-._~"
		"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxy"
		"z")}},
	.headers = {EXAMPLE},
	.payload = SIGV4_EMPTY,
	.in_headers =
	    "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197",
	.in_query =
	    "8e76a88a7433637b12778d5592799b29ad21ecd6cf6325051c21d86f0acda2bf"},
    {.name = "get-vanilla-utf8-query",
	.method = STR("GET"),
	.path = STR("/"),
	.query = {{STR("\xe1\x88\xb4"), STR("bar")}},
	.headers = {EXAMPLE},
	.payload = SIGV4_EMPTY,
	.in_headers =
	    "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04",
	.in_query =
	    "0bdd809b1519ac4f0c1dc3540e2cc46bd0c7f778eda408b2ebf3b913d21ff600"},
    {.name = "get-vanilla-with-session-token",
	.method = STR("GET"),
	.path = STR("/"),
	.headers = {EXAMPLE},
	.token = STR(
	    "6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267"),
	.payload = SIGV4_EMPTY,
	.in_headers =
	    "07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8",
	.in_query =
	    "7ff2b50b376cb4d151970630573d6291dc128cc5c2a12ffb237f73cc53f67b6c"},
    {.name = "post-header-key-case",
	.method = STR("POST"),
	.path = STR("/"),
	.headers = {EXAMPLE},
	.payload = SIGV4_EMPTY,
	.in_headers =
	    "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
	.in_query =
	    "2ce6e6d2e0cf2f9d1b55fafec88cd20574c31dc2e7631979f71ba2310083e95b"},
    {.name = "post-header-key-sort",
	.method = STR("POST"),
	.path = STR("/"),
	.headers = {EXAMPLE, {STR("My-Header1"), STR("value1")}},
	.payload = SIGV4_EMPTY,
	.in_headers =
	    "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c",
	.in_query =
	    "c09d07e0d55871f10f2a6d350d994acf6825a3cae70673d7def55616e6119dd7"},
    {.name = "post-header-value-case",
	.method = STR("POST"),
	.path = STR("/"),
	.headers = {EXAMPLE, {STR("My-Header1"), STR("VALUE1")}},
	.payload = SIGV4_EMPTY,
	.in_headers =
	    "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d",
	.in_query =
	    "0698bc9e4f7f9139065ba2909c0e99da257e8e2a42492a097bcd46d792391fed"},
    {.name = "post-sts-header-before",
	.method = STR("POST"),
	.path = STR("/"),
	.headers = {EXAMPLE},
	.token = STR("AQoDYXdzEPT//////////"
		     "wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFq"
		     "wAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/"
		     "kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7W"
		     "Z0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+"
		     "xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+"
		     "scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2IC"
		     "CR/oLxBA=="),
	.payload = SIGV4_EMPTY,
	.in_headers =
	    "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead",
	.in_query =
	    "46c2e3c63c1dbe7d39f8ada16fe7f001c1f56c5791441565323677f96308871c"},
    {.name = "post-vanilla-empty-query-value",
	.method = STR("POST"),
	.path = STR("/"),
	.query = {{STR("Param1"), STR("value1")}},
	.headers = {EXAMPLE},
	.payload = SIGV4_EMPTY,
	.in_headers =
	    "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11",
	.in_query =
	    "a9ef26247f293bffe40eeff86a0480ba8c14d31503b2e0c3399e3a16bf1a3682"},
    {.name = "post-x-www-form-urlencoded",
	.method = STR("POST"),
	.path = STR("/"),
	.headers =
	    {{STR("Content-Type"), STR("application/x-www-form-urlencoded")},
		EXAMPLE, {STR("Content-Length"), STR("13")}},
	.has_body = true,
	.payload = {form, 64},
	.in_headers =
	    "d3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b",
	.in_query =
	    "89a40deed0f26f9461242825a082d2222717248abc7ab41f552ad84a94ad46e9"},
    {.name = "post-x-www-form-urlencoded-parameters",
	.method = STR("POST"),
	.path = STR("/"),
	.headers =
	    {{STR("Content-Type"),
		 STR("application/x-www-form-urlencoded; charset=utf-8")},
		EXAMPLE, {STR("Content-Length"), STR("13")}},
	.has_body = true,
	.payload = {form, 64},
	.in_headers =
	    "328d1b9eaadca9f5818ef05e8392801e091653bafec24fcab71e7344e7f51422",
	.in_query =
	    "0dbeb9b026c7b6675f266b8427efec9b4fa8b1f6ef1477d717aea231106eab4d"},
};

const size_t vector_count = sizeof(vectors) / sizeof(vectors[0]);
