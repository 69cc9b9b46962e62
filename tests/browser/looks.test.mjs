// How pages look and behave in a browser, at every width and in the dark: on a
// demo site, as a stranger, as its most active member, and as somebody new.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import {
	cameraPhotos, closeBrowser, demoPassword, fillWithDemo, freshName, logIn, makeAdmin, newPerson, openBrowser, seeAll, sendJoin, url,
} from "./kit.mjs";

const people = {};
const newcomer = freshName("newcomer");
let own = "";
let many = "";

// Who looks, and at what; what is to be done there first, if anything.
const views = () => [
	["stranger", "/"],
	["stranger", "/public"],
	["stranger", "/login"],
	["stranger", "/forgot"],
	["stranger", "/register"],
	["stranger", "/terms"],
	["stranger", "/privacy"],
	["stranger", "/status"],
	["stranger", "/search"],
	["stranger", many],
	["stranger", "/@ida"],
	["stranger", "/nothing/here"],
	["stranger", "/login", "wrong name"],
	["stranger", "/register", "all wrong"],
	["ida", "/"],
	["ida", "/public"],
	["ida", "/new"],
	["ida", "/new", "chosen"],
	["ida", "/new", "no picture"],
	["ida", own],
	["ida", own, "menu"],
	["ida", own, "empty comment"],
	["ida", many],
	["ida", `${own}/delete`],
	["ida", "/@ida"],
	["ida", "/@mei"],
	["ida", "/@ida/followers"],
	["ida", "/@ida/following"],
	["ida", "/search?q=a"],
	["ida", "/search?q=nothing-has-this-name"],
	["ida", `/search?q=${"longer".repeat(16)}`],
	["ida", "/tag/sky"],
	["ida", "/notifications"],
	["ida", "/bookmarks"],
	["ida", "/settings"],
	["ida", "/settings", "wrong password"],
	["ida", "/?done=posted"],
	["keeper", "/admin"],
	["keeper", "/admin", "numbers"],
	["keeper", "/admin/incident"],
	["keeper", "/@ida/moderate"],
	["keeper", `${many}/moderate`],
	["keeper", many],
	["newcomer", "/"],
	["newcomer", `/@${newcomer}`],
	["newcomer", "/notifications"],
	["newcomer", "/bookmarks"],
];

const acts = {
	"wrong name": async (page) => {
		await page.locator("#who").fill("nobody at all");
		await page.locator("#password").fill("not that one");
		await page.getByRole("button", { name: "Log in" }).click();
		await page.getByText("do not belong together").waitFor();
	},
	"all wrong": async (page) => {
		await page.locator("#username").fill("a");
		await page.locator("#display").fill("x".repeat(60));
		await page.locator("#email").fill("a@b");
		await page.locator("#password").fill("password");
		await page.locator("#again").fill("passwort");
		await page.locator("#consent").check();
		await page.getByRole("button", { name: "Create account" }).click();
		await page.locator("#password-error").waitFor();
	},
	chosen: async (page) => {
		await page.locator("#drop-files").setInputFiles(cameraPhotos());
		await page.locator("img.preview").nth(2).waitFor();
	},
	"no picture": async (page) => {
		const file = { name: "x.jpg", mimeType: "image/jpeg", buffer: Buffer.from("no picture") };
		await page.locator("#drop-files").setInputFiles(file);
		await page.locator("#caption").fill("kept words");
		await page.getByRole("button", { name: "Share post" }).click();
		await page.getByText("This is not a picture").waitFor();
	},
	numbers: async (page) => {
		const all = page.locator(".numbers summary");

		if (await all.count()) {
			await all.click();
		}
	},
	menu: (page) => page.locator("details.menu summary").click(),
	"empty comment": async (page) => {
		await page.locator("#text").fill("   ");
		await page.getByRole("button", { name: "Comment", exact: true }).click();
		await page.locator("#text-error").waitFor();
	},
	"wrong password": async (page) => {
		await page.locator("#current").fill("not that one");
		await page.locator("#password").fill("four other words");
		await page.locator("#again").fill("four other words");
		await page.getByRole("button", { name: "Change password" }).click();
		await page.locator("#current-error").waitFor();
	},
};

const nameOf = ([who, path, act]) => `${who} at ${path}${act ? ` (${act})` : ""}`;

// A window of that person's, as the options want it.
const windowOf = async (who, options = {}) => {
	const other = await newPerson({ ...options, storageState: people[who] });

	return other;
};

before(async () => {
	await openBrowser();
	fillWithDemo();
	const ida = await newPerson();
	await logIn(ida.page, "ida", demoPassword);
	await ida.page.goto(`${url}/@ida`);
	own = await ida.page.locator(".tile a").first().getAttribute("href");
	await ida.page.goto(`${url}/public`);
	many = await ida.page.locator(".plate:has(.many) a.shot").first().getAttribute("href");
	people.ida = await ida.context.storageState();
	await ida.context.close();
	const fresh = await newPerson();
	await sendJoin(fresh.page, newcomer, "Just Arrived");
	await fresh.page.locator("details.menu").waitFor();
	people.newcomer = await fresh.context.storageState();
	await fresh.context.close();
	const keeper = await newPerson();
	const name = freshName("keeper");
	await sendJoin(keeper.page, name, "Site Keeper");
	await keeper.page.locator("details.menu").waitFor();
	makeAdmin(name);
	people.keeper = await keeper.context.storageState();
	await keeper.context.close();
});

after(closeBrowser);

// Looks at every view in one window; `see` gives what is wrong with it.
const atEveryView = async (options, see) => {
	const wrong = [];
	const windows = {};

	for (const view of views()) {
		const [who, path, act] = view;
		windows[who] ??= await windowOf(who, options);
		const { page, faults } = windows[who];

		await page.goto(url + path);
		if (act) {
			await acts[act](page);
		}
		for (const fault of await see(page)) {
			wrong.push(`${nameOf(view)}: ${fault}`);
		}
		wrong.push(...faults.splice(0));
	}
	for (const one of Object.values(windows)) {
		await one.context.close();
	}
	assert.deepEqual(wrong, []);
};

// What sticks out to the right of the window.
const overflow = (page) =>
	page.evaluate(() => {
		const width = document.documentElement.clientWidth;

		if (document.documentElement.scrollWidth <= width) {
			return [];
		}
		return Array.from(document.querySelectorAll("body *"))
			.filter((element) => element.getBoundingClientRect().right > width + 1)
			.map((element) => `${element.tagName}.${element.className} reaches past ${width}px`)
			.slice(0, 3)
			.concat(`the page is ${document.documentElement.scrollWidth}px wide`);
	});

for (const width of [320, 360, 768, 1440]) {
	test(`no page scrolls sideways at ${width} px`, () =>
		atEveryView({ viewport: { width, height: 800 } }, overflow));
}

// Texts with too little contrast to what is behind them (WCAG 2.2, 1.4.3):
// 4.5 to 1, or 3 to 1 for large type.  Texts over photographs are not seen.
const faint = (page) =>
	page.evaluate(() => {
		const parse = (text) => {
			const [r, g, b, a = 1] = text.match(/[\d.]+/g).map(Number);
			// color(srgb ...) counts from 0 to 1.
			return /^color/.test(text) ? [r * 255, g * 255, b * 255, a] : [r, g, b, a];
		};
		const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3]));
		const light = (colour) =>
			colour
				.map((c) => c / 255)
				.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
				.reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
		const behind = (element) => {
			const layers = [];

			for (let at = element; at; at = at.parentElement) {
				const colour = parse(getComputedStyle(at).backgroundColor);
				layers.push(colour);
				if (colour[3] === 1) {
					break;
				}
			}
			return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255]);
		};
		const isSeen = (element) => {
			const box = element.getBoundingClientRect();
			return box.width > 1 && box.height > 1 && element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
		};
		const found = [];
		const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);

		while (walker.nextNode()) {
			const element = walker.currentNode.parentElement;
			const text = walker.currentNode.data.trim();
			if (!text || !isSeen(element) || element.closest(".many, .vh, .status")) {
				continue;
			}
			const style = getComputedStyle(element);
			const ground = behind(element);
			const ink = over(parse(style.color), ground);
			const [a, b] = [light(ink), light(ground)].sort((x, y) => y - x);
			const ratio = (a + 0.05) / (b + 0.05);
			const size = parseFloat(style.fontSize);
			const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
			if (ratio < (isLarge ? 3 : 4.5)) {
				found.push(`"${text.slice(0, 30)}" has ${ratio.toFixed(2)} to 1`);
			}
		}
		return [...new Set(found)];
	});

for (const colorScheme of ["light", "dark"]) {
	test(`every text has contrast in the ${colorScheme}`, () => atEveryView({ colorScheme }, faint));
}

test("the dark is dark", async () => {
	const { page, context } = await windowOf("ida", { colorScheme: "dark" });
	await page.goto(url);
	const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
	assert.ok(ground.match(/\d+/g).every((channel) => Number(channel) < 40), ground);
	await context.close();
});

// Elements that the keyboard reaches without showing where it is.
const unseenFocus = async (page) => {
	const wrong = [];
	let last = null;

	for (let presses = 0; presses < 150; presses += 1) {
		await page.keyboard.press("Tab");
		const seen = await page.evaluate(() => {
			const element = document.activeElement;
			if (!element || element === document.body) {
				return null;
			}
			const name = `${element.tagName}.${element.className} ${element.textContent.trim().slice(0, 20)}`;
			window.focused ??= new Map();
			const count = (window.focused.get(element) ?? 0) + 1;
			window.focused.set(element, count);
			// A field that covers its frame is shown by the frame.
			const shown = element.closest(".drop") ?? element;
			const style = getComputedStyle(shown);
			const box = shown.getBoundingClientRect();
			const middle = document.elementFromPoint(box.left + box.width / 2, Math.min(box.top + box.height / 2, innerHeight - 1));
			return {
				name,
				count,
				isOutlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
				isInSight: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth && box.width > 2,
				// A label may lie over its field, a line break through the middle of a link.
				isCovered: middle !== null && middle.closest(".top, .tabs") !== element.closest(".top, .tabs"),
			};
		});
		if (!seen || seen.count > 1) {
			break;
		}
		if (!seen.isOutlined) {
			wrong.push(`${seen.name} is not outlined`);
		}
		if (!seen.isInSight) {
			wrong.push(`${seen.name} is out of sight`);
		}
		if (seen.isCovered) {
			wrong.push(`${seen.name} is behind a bar`);
		}
		last = seen.name;
	}
	if (last === null) {
		wrong.push("the keyboard reaches nothing");
	}
	return wrong;
};

for (const width of [360, 1440]) {
	test(`the keyboard's place is seen on every page at ${width} px`, () =>
		atEveryView({ viewport: { width, height: 900 } }, unseenFocus));
}

test("the first stop of the keyboard skips to the content", async () => {
	const { page, context } = await windowOf("ida");
	for (const path of ["/", "/settings", own]) {
		await page.goto(url + path);
		await page.keyboard.press("Tab");
		const skip = page.getByRole("link", { name: "Skip to content" });
		assert.ok(await skip.evaluate((link) => link === document.activeElement && link.getBoundingClientRect().top >= 0));
		await page.keyboard.press("Enter");
		await page.keyboard.press("Tab");
		assert.ok(await page.evaluate(() => document.activeElement.closest("main") !== null), path);
	}
	await context.close();
});

test("the menu opens and closes by the keyboard", async () => {
	const { page, context } = await windowOf("ida");
	await page.goto(url);
	await page.locator("details.menu summary").focus();
	await page.keyboard.press("Enter");
	assert.ok(await page.getByRole("button", { name: "Log out" }).isVisible());
	await page.keyboard.press("Escape");
	assert.ok(!(await page.getByRole("button", { name: "Log out" }).isVisible()));
	await context.close();
});

for (const [who, path] of [["ida", "/"], ["stranger", "/public"], ["ida", "/@ida"]]) {
	test(`nothing jumps while the images of ${path} arrive`, async () => {
		const { page, context } = await windowOf(who, { viewport: { width: 800, height: 700 } });
		await page.addInitScript(() => {
			window.shifts = [];
			new PerformanceObserver((list) => {
				for (const entry of list.getEntries()) {
					window.shifts.push([entry.value, entry.sources.map((source) => source.node?.className ?? "").join(" ")]);
				}
			}).observe({ type: "layout-shift", buffered: true });
		});
		// Images later than the text, so that a jump would be seen.
		await page.route("**/i/**", async (route) => {
			await new Promise((resolve) => {
				setTimeout(resolve, 50);
			});
			await route.continue();
		});
		await page.goto(url + path);
		await seeAll(page);
		assert.ok((await page.locator("main img").count()) > 3);
		await page.evaluate(() => new Promise((resolve) => {
			requestAnimationFrame(() => requestAnimationFrame(resolve));
		}));
		assert.deepEqual(await page.evaluate(() => window.shifts), []);
		await context.close();
	});
}

test("images below the first are loaded when they come near", async () => {
	const { page, context } = await windowOf("ida", { viewport: { width: 800, height: 600 } });
	const asked = new Set();
	page.on("request", (request) => {
		if (/-[lms]\.jpg$/.test(request.url())) {
			asked.add(request.url());
		}
	});
	await page.goto(url);
	await page.waitForLoadState("networkidle");
	const all = await page.locator(".card img[srcset]").count();
	assert.ok(asked.size < all, `${asked.size} of ${all}`);
	await context.close();
});

test("a large screen takes the large image and a small one the medium", async () => {
	for (const [width, scale, wanted] of [[360, 1, /-m\.(jpg|webp)$/], [1440, 2, /-l\.(jpg|webp)$/]]) {
		const { page, context } = await windowOf("ida", { viewport: { width, height: 800 }, deviceScaleFactor: scale });
		await page.goto(url + own);
		const image = page.locator(".post-images img").first();
		await image.evaluate((element) => element.decode());
		assert.match(await image.evaluate((element) => element.currentSrc), wanted);
		await context.close();
	}
});

test("forms keep what was typed when the server finds a fault", async () => {
	const { page, context, faults } = await windowOf("ida", { javaScriptEnabled: false });
	const words = `"Kept" <words> & é\n\nsecond line`;

	await page.goto(`${url}/new`);
	await page.locator("#image1").setInputFiles({ name: "x.jpg", mimeType: "image/jpeg", buffer: Buffer.from("no") });
	await page.locator("#alt1").fill(`An "alt" & more`);
	await page.locator("#caption").fill(words);
	await page.getByRole("button", { name: "Share post" }).click();
	await page.getByText("This is not a picture").waitFor();
	assert.equal(await page.locator("#caption").inputValue(), words);
	assert.equal(await page.locator("#alt1").inputValue(), `An "alt" & more`);
	assert.equal(await page.locator("#image1").getAttribute("aria-invalid"), "true");

	await page.goto(`${url}/settings`);
	await page.locator("#display").fill("A new name");
	await page.locator("#bio").fill("b".repeat(5000));
	await page.getByRole("button", { name: "Save profile" }).click();
	await page.locator("#bio-error").waitFor();
	assert.equal(await page.locator("#display").inputValue(), "A new name");
	assert.equal((await page.locator("#bio").inputValue()).length, 5000);

	await page.goto(url + own);
	await page.locator("#text").fill("c".repeat(1001));
	await page.getByRole("button", { name: "Comment", exact: true }).click();
	await page.locator("#text-error").waitFor();
	assert.equal((await page.locator("#text").inputValue()).length, 1001);
	assert.match(await page.locator("#text-error").textContent(), /1001 characters/);
	assert.deepEqual(faults, []);
	await context.close();
});

test("every field has a label, and every fault is named by its field", () =>
	atEveryView({}, (page) =>
		page.evaluate(() => {
			const wrong = [];
			const isLabelled = (field) =>
				Array.from(field.labels ?? []).some((label) => label.textContent.trim()) || field.getAttribute("aria-label");

			for (const field of document.querySelectorAll("input:not([type=hidden]), textarea, select")) {
				if (!isLabelled(field)) {
					wrong.push(`${field.name} has no label`);
				}
				if (field.getAttribute("aria-invalid") === "true") {
					const named = (field.getAttribute("aria-describedby") ?? "").split(" ");
					if (!named.some((id) => document.getElementById(id)?.textContent.trim())) {
						wrong.push(`${field.name} is wrong and does not say why`);
					}
				}
			}
			for (const image of document.images) {
				const isPreview = image.src.startsWith("blob:");
				if (!image.hasAttribute("alt") || (!isPreview && !(image.hasAttribute("width") && image.hasAttribute("height")))) {
					wrong.push(`${image.src} lacks its size or its words`);
				}
			}
			for (const button of document.querySelectorAll("button, a[href], summary")) {
				if (!button.textContent.trim() && !button.getAttribute("aria-label") && !button.querySelector("img[alt]:not([alt='']), svg[aria-label]") &&
					button.getAttribute("aria-hidden") !== "true") {
					wrong.push(`${button.outerHTML.slice(0, 80)} has no name`);
				}
			}
			return wrong;
		})
	));
