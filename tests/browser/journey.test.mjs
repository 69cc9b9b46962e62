// The whole way of two people through the site, once without the script and
// once with it.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import {
	assertUpright, cameraPhotos, closeBrowser, freshName, logIn, logOut, newPerson, openBrowser, seeAll, sendJoin, url,
} from "./kit.mjs";

before(openBrowser);
after(closeBrowser);

const alts = ["Notes on a table, upright", "Notes on a table, lying", "Notes & more"];
const caption = "Three from the phone #phone\nwith love";

// The form of a new post as it is: one place for each file.
const fillPlainForm = async (page, photos) => {
	await page.getByText("More images").click();
	for (const [i, photo] of photos.entries()) {
		await page.locator(`#image${i + 1}`).setInputFiles(photo);
		await page.locator(`#alt${i + 1}`).fill(alts[i]);
	}
	await page.getByLabel("Caption").fill(caption);
};

// The same with the script: all at once, previews, a counter.
const fillScriptedForm = async (page, photos) => {
	const previews = page.locator("img.preview");
	const left = page.locator("[data-left]");
	const area = page.getByLabel("Caption");

	await page.locator("#drop-files").setInputFiles(photos);
	await previews.nth(2).waitFor();
	assert.equal(await previews.count(), 3);
	for (const preview of await previews.all()) {
		await preview.evaluate((image) => image.decode().catch(() => {}));
		assert.ok(await preview.evaluate((image) => image.complete && image.naturalWidth > 0));
	}
	// One too many and taken back again.
	await page.getByRole("button", { name: "Remove image 3" }).click();
	assert.equal(await previews.count(), 2);
	await page.locator("#drop-files").setInputFiles([photos[2]]);
	await previews.nth(2).waitFor();
	for (const [i, alt] of alts.entries()) {
		await page.locator(`#alt${i + 1}`).fill(alt);
	}
	await area.fill("x".repeat(2190));
	assert.equal(await left.textContent(), "10 left.");
	await area.fill("x".repeat(2203));
	assert.equal(await left.textContent(), "3 too many.");
	await page.getByRole("button", { name: "Share post" }).click();
	assert.equal(new URL(page.url()).pathname, "/new");
	await area.fill(caption);
	assert.equal(await left.textContent(), "");
};

// Every image of the post is upright, in each of its sizes.
const lookAtPost = async (page) => {
	const images = page.locator(".post-images img");
	const sizes = [[1200, 1600], [1600, 1200], [1200, 1600]];

	assert.equal(await images.count(), 3);
	await seeAll(page);
	for (const [i, [width, height]] of sizes.entries()) {
		const image = images.nth(i);
		const attribute = (name) => image.getAttribute(name);
		const scale = 640 / Math.max(width, height);
		const medium = [Math.round(width * scale), Math.round(height * scale)];

		assert.equal(await attribute("alt"), alts[i]);
		assert.deepEqual([await attribute("width"), await attribute("height")], [String(width), String(height)]);
		assert.ok(await attribute("sizes"));
		const source = await attribute("src");
		const set = (await attribute("srcset")).split(", ").map((one) => one.split(" "));
		assert.deepEqual(set, [[source, `${medium[0]}w`], [source.replace("-m.", "-l."), `${width}w`]]);
		await assertUpright(image);
		for (const [address, wanted] of [[set[0][0], medium], [set[1][0], [width, height]]]) {
			assert.deepEqual(await sizeAt(page, address), wanted);
		}
	}
};

// The size of an image at an address, and that it is upright: shown in a page
// of its own.
const sizeAt = async (page, address) => {
	const other = await page.context().newPage();

	await other.goto(new URL(address, url).href);
	const size = await assertUpright(other.locator("img"));
	await other.close();
	return size;
};

const reloads = async (page) => {
	await page.evaluate(() => {
		window.isTheSame = true;
	});
	return async () => !(await page.evaluate(() => window.isTheSame === true));
};

const journey = async (hasScript) => {
	const ann = await newPerson({ javaScriptEnabled: hasScript });
	const bob = await newPerson({ javaScriptEnabled: hasScript });
	const [annName, bobName] = [freshName("ann"), freshName("bob")];
	const photos = cameraPhotos();

	// join: a mistake first, which costs nothing but the passwords
	await sendJoin(ann.page, annName, "Ann Example", "something else here");
	assert.match(await ann.page.locator("#again-error").textContent(), /differ/);
	assert.equal(await ann.page.getByLabel("Username").inputValue(), annName);
	assert.equal(await ann.page.getByLabel("Email").inputValue(), `${annName}@example.org`);
	assert.equal(await ann.page.getByLabel("I have read the").isChecked(), true);
	await sendJoin(ann.page, annName, "Ann Example");
	assert.match(await ann.page.getByRole("status").textContent(), /Welcome/);
	await logOut(ann.page);
	await logIn(ann.page, annName);

	// post
	await ann.page.getByRole("link", { name: "Post", exact: true }).click();
	await (hasScript ? fillScriptedForm : fillPlainForm)(ann.page, photos);
	await ann.page.getByRole("button", { name: /Share post/ }).click();
	await ann.page.waitForURL(/\/p\/\d+/);
	assert.match(await ann.page.getByRole("status").textContent(), /Posted/);
	const path = new URL(ann.page.url()).pathname;
	await lookAtPost(ann.page);
	assert.deepEqual(await ann.page.locator(".caption br").count(), 1);
	const served = await ann.page.locator(".post-images img").evaluateAll((images) => images.map((image) => image.src));

	// somebody else sees it
	await sendJoin(bob.page, bobName, "Bob Example");
	await bob.page.goto(`${url}/public`);
	const plate = bob.page.locator(`.plate:has(a[href="${path}"])`);
	const cover = plate.locator(".shot img");
	assert.equal(await cover.getAttribute("loading"), "lazy");
	await cover.scrollIntoViewIfNeeded();
	await assertUpright(cover);
	await bob.page.goto(`${url}/@${annName}`);
	assert.deepEqual(await assertUpright(bob.page.locator(".tile img")), [320, 320]);
	assert.equal(await bob.page.locator(".tile img").getAttribute("loading"), "lazy");

	// follows
	await bob.page.getByRole("button", { name: "Follow Ann Example" }).click();
	await bob.page.getByRole("button", { name: /^Following/ }).waitFor();
	assert.match(await bob.page.locator(".figures").textContent(), /1 follower\b/);
	await bob.page.goto(url);
	await bob.page.locator(`.card a[href="${path}"]`).first().waitFor();

	// likes, takes it back, and likes again
	await bob.page.goto(url + path);
	const like = bob.page.getByRole("button", { name: /^Like/ });
	const liking = 'button[formaction$="like"]';
	for (const isLiked of [true, false, true]) {
		const isNew = await reloads(bob.page);
		await like.click();
		await bob.page.locator(`${liking}[aria-pressed="${isLiked}"]`).waitFor();
		assert.equal(await bob.page.locator(`${liking} > span:last-child`).textContent(), isLiked ? "1" : "0");
		assert.equal(await isNew(), !hasScript, "loading again");
	}
	await bob.page.reload();
	assert.equal(await like.getAttribute("aria-pressed"), "true");

	// saves, takes it back, and saves again
	for (const isSaved of [true, false, true]) {
		const isNew = await reloads(bob.page);
		await bob.page.getByRole("button", { name: "Save" }).click();
		await bob.page.locator(`button[formaction$="bookmark"][aria-pressed="${isSaved}"]`).waitFor();
		assert.equal(await isNew(), !hasScript, "loading again");
	}
	await bob.page.goto(`${url}/bookmarks`);
	await bob.page.locator(`.tile a[href="${path}"]`).click();
	await bob.page.locator('button[formaction$="unbookmark"]').waitFor();

	// comments
	const words = `<b>Lovely</b>, @${annName}! See https://example.org/a?b=c #phone`;
	await bob.page.getByLabel("Add a comment").fill(words);
	await bob.page.getByRole("button", { name: "Comment", exact: true }).click();
	const comment = bob.page.locator(".comment-text");
	await comment.waitFor();
	assert.equal((await comment.textContent()).trim(), words);
	assert.deepEqual(await comment.locator("a").evaluateAll((links) => links.map((link) => link.getAttribute("href"))), [
		`/@${annName}`, "https://example.org/a?b=c", "/tag/phone",
	]);
	await ann.page.reload();
	assert.match(await ann.page.locator("#comments-heading").textContent(), /1 comment\b/);
	assert.equal(await ann.page.locator(`${liking} > span:last-child`).textContent(), "1");
	await comment.locator(`a[href="/tag/phone"]`).click();
	await bob.page.locator(`a[href="${path}"]`).first().waitFor();
	await bob.page.goto(url + path);
	// and is told of: ann reads it
	await ann.page.goto(url);
	await ann.page.getByRole("link", { name: /^Notifications, 3 new$/ }).click();
	assert.equal(await ann.page.locator(".told .unread").count(), 3);
	if (hasScript) {
		await ann.page.locator(".bell .badge").waitFor({ state: "detached" });
		await ann.page.getByRole("button", { name: "Mark all as read" }).waitFor({ state: "hidden" });
	} else {
		await ann.page.getByRole("button", { name: "Mark all as read" }).click();
		await ann.page.locator(".told .unread").first().waitFor({ state: "detached" });
		assert.equal(await ann.page.locator(".bell .badge").count(), 0);
	}
	await ann.page.reload();
	assert.equal(await ann.page.locator(".told .unread").count(), 0);
	assert.equal(await ann.page.locator(".told li").count(), 3);
	await ann.page.goto(url + path);
	await bob.page.getByRole("button", { name: /Delete comment/ }).click();
	await bob.page.getByText("No comments yet").waitFor();

	// unfollows
	await bob.page.goto(`${url}/@${annName}`);
	await bob.page.getByRole("button", { name: /^Following/ }).click();
	await bob.page.getByRole("button", { name: "Follow Ann Example" }).waitFor();
	await bob.page.goto(url);
	assert.equal(await bob.page.locator(`a[href="${path}"]`).count(), 0);

	// deletes
	await ann.page.goto(url + path);
	await ann.page.getByRole("link", { name: /Delete/ }).click();
	await ann.page.getByRole("button", { name: "Delete post" }).click();
	assert.match(await ann.page.getByRole("status").textContent(), /deleted/);
	for (const address of [path, ...served]) {
		// Not by the page: it may keep an image that it has seen.
		const answer = await bob.context.request.get(new URL(address, url).href);
		assert.equal(answer.status(), 404, address);
	}

	// and goes
	await ann.page.goto(url);
	await logOut(ann.page);
	await ann.page.goto(`${url}/settings`);
	assert.equal(new URL(ann.page.url()).pathname, "/login");

	assert.deepEqual(ann.faults, []);
	assert.deepEqual(bob.faults, []);
	await ann.context.close();
	await bob.context.close();
};

test("two people share photos without the script", () => journey(false));
test("two people share photos with the script", () => journey(true));

test("without the connection to it, the like is sent as a form", async () => {
	const ann = await newPerson();

	await sendJoin(ann.page, freshName("ann"), "Ann Example");
	await ann.page.goto(`${url}/new`);
	await ann.page.locator("#drop-files").setInputFiles([cameraPhotos()[1]]);
	await ann.page.getByRole("button", { name: /Share post/ }).click();
	await ann.page.waitForURL(/\/p\/\d+/);
	await ann.page.route("**/like", (route) =>
		route.request().headers().accept === "application/json" ? route.abort() : route.continue()
	);
	await ann.page.getByRole("button", { name: /^Like/ }).click();
	await ann.page.locator('button[formaction$="/unlike"]').waitFor();
	await ann.context.close();
});

test("the script says what is wrong with a file before it is sent", async () => {
	const ann = await newPerson();

	await sendJoin(ann.page, freshName("ann"), "Ann Example");
	await ann.page.goto(`${url}/new`);
	await ann.page.getByRole("button", { name: /Share post/ }).click();
	assert.match(await ann.page.locator("#images-error").textContent(), /choose at least one/i);
	const text = { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("no picture") };
	await ann.page.locator("#drop-files").setInputFiles(text);
	assert.match(await ann.page.locator("#images-error").textContent(), /notes\.txt is not a JPEG/);
	// By its path: the bytes themselves would go to the browser as text.
	const folder = mkdtempSync(join(tmpdir(), "pixlpix-big-"));
	const big = join(folder, "big.png");
	writeFileSync(big, "");
	truncateSync(big, 21 * 1024 * 1024);
	await ann.page.locator("#drop-files").setInputFiles(big);
	assert.match(await ann.page.locator("#images-error").textContent(), /big\.png has 22\.0 MB/);
	rmSync(folder, { recursive: true });
	const one = { name: "a.png", mimeType: "image/png", buffer: Buffer.from("x") };
	await ann.page.locator("#drop-files").setInputFiles(Array(12).fill(one));
	assert.match(await ann.page.locator("#images-error").textContent(), /2 more were left out/);
	assert.equal(await ann.page.locator(".slot.chosen").count(), 10);
	assert.deepEqual(ann.faults, []);
	await ann.context.close();
});
