// Photographs that real cameras took, with all that their makers write into a
// file: seen upright by everybody, and telling nobody where, when or with what.
//
// They come with npm packages that read EXIF and ship them for tests of their
// own (MIT): see package.json.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { closeBrowser, freshName, newPerson, openBrowser, seeAll, sendJoin, url } from "./kit.mjs";

before(openBrowser);
after(closeBrowser);

const packages = join(dirname(fileURLToPath(import.meta.url)), "node_modules");

// Of each: the file, the orientation its camera wrote, and what it says of its
// camera, its software, its owner or its maker's own affairs.  The first was
// taken with the phone upright; the other two lying, so that they are posted
// with another orientation, the one number in them that is changed.
const cameras = [
	{
		path: "jpeg-exif/test/IMG_0001.JPG",
		written: 6,
		posted: 6,
		size: [1600, 1600],
		says: ["Apple iOS", "iPhone 6 Plus", "2016:03:24"],
		shown: /iPhone 6 Plus/,
	},
	{
		path: "exif/test/sony-alpha-6000.jpg",
		written: 1,
		posted: 8,
		size: [1067, 1600],
		says: ["SONY DSC", "ILCE-6000", "2014:04:18"],
		shown: /ILCE-6000/i,
	},
	{
		path: "exif-parser/test/starfish.jpg",
		written: 1,
		posted: 3,
		size: [1278, 720],
		says: ["Nokia", "Lumia 820", "2013:05:10"],
		shown: /Lumia 820/,
	},
];

// Where EXIF's orientation stands in a JPEG (CIPA DC-008, 4.5.4 and 4.6.2), as
// a place in the file and the order of its bytes.
const findOrientation = (jpeg) => {
	const start = jpeg.indexOf("Exif\0\0", 0, "latin1") + 6;
	const isLittle = jpeg.toString("latin1", start, start + 2) === "II";
	const short = (at) => (isLittle ? jpeg.readUInt16LE(at) : jpeg.readUInt16BE(at));
	const long = (at) => (isLittle ? jpeg.readUInt32LE(at) : jpeg.readUInt32BE(at));
	const table = start + long(start + 4);

	for (let entry = table + 2; entry < table + 2 + 12 * short(table); entry += 12) {
		if (short(entry) === 0x0112) {
			return { at: entry + 8, isLittle, value: short(entry + 8) };
		}
	}
	return null;
};

const photographs = () =>
	cameras.map(({ path, written, posted, says }) => {
		const buffer = readFileSync(join(packages, path));
		const place = findOrientation(buffer);

		assert.equal(place.value, written, path);
		buffer[place.at + (place.isLittle ? 0 : 1)] = posted;
		for (const word of says) {
			assert.ok(buffer.includes(word, 0, "latin1"), `${path} says ${word}`);
		}
		return { name: path.split("/").pop(), mimeType: "image/jpeg", buffer };
	});

// The application segments and comments of a JPEG (T.81, annex B).
const blocksOf = (jpeg) => {
	const found = [];

	for (let at = 2; jpeg[at] === 0xff && jpeg[at + 1] !== 0xda; at += 2 + jpeg.readUInt16BE(at + 2)) {
		const marker = jpeg[at + 1];
		if ((marker >= 0xe0 && marker <= 0xef) || marker === 0xfe) {
			found.push({ marker, bytes: jpeg.subarray(at + 4, at + 2 + jpeg.readUInt16BE(at + 2)) });
		}
	}
	return found;
};

const assertTellsNothing = (bytes, { says }, what) => {
	for (const word of [...says, "GPS", "http://ns.adobe.com/"]) {
		assert.ok(!bytes.includes(word, 0, "latin1"), `${what} says ${word}`);
	}
};

// How light a picture is in each field of a grid, as it is and turned by one,
// two and three quarters, as the browser shows it: it reads EXIF's orientation
// itself.
const lightsOf = (page, address) =>
	page.evaluate(async (source) => {
		const side = 8;
		const image = new Image();
		image.src = source;
		await image.decode();
		return [0, 1, 2, 3].map((quarters) => {
			const canvas = document.createElement("canvas");
			canvas.width = canvas.height = side;
			const pen = canvas.getContext("2d");
			pen.imageSmoothingQuality = "high";
			pen.translate(side / 2, side / 2);
			pen.rotate((quarters * Math.PI) / 2);
			pen.drawImage(image, -side / 2, -side / 2, side, side);
			const { data } = pen.getImageData(0, 0, side, side);
			const light = (at) => 0.3 * data[at] + 0.6 * data[at + 1] + 0.1 * data[at + 2];
			return Array.from({ length: side * side }, (_, i) => light(4 * i));
		});
	}, address);

const distance = (some, others) => Math.sqrt(some.reduce((sum, one, i) => sum + (one - others[i]) ** 2, 0) / some.length);

// The image at an address is what the browser shows of the file that was
// posted, and not what it would show of it turned.
const assertSameSideUp = async (page, address, posted, what) => {
	const [seen] = await lightsOf(page, address);
	const [upright, ...turned] = posted.map((lights) => distance(seen, lights));

	assert.ok(upright < 10, `${what} differs by ${upright}`);
	for (const other of turned) {
		assert.ok(other > 3 * upright, `${what} is as near turned (${other}) as upright (${upright})`);
	}
};

const bytesAt = async (person, address) => {
	const answer = await person.context.request.get(new URL(address, url).href);

	assert.equal(answer.status(), 200, address);
	return answer.body();
};

const choose = async (page, files, hasScript) => {
	if (hasScript) {
		await page.locator("#drop-files").setInputFiles(files);
		await page.locator("img.preview").nth(files.length - 1).waitFor();
		return;
	}
	await page.getByText("More images").click();
	for (const [i, file] of files.entries()) {
		await page.locator(`#image${i + 1}`).setInputFiles(file);
	}
};

// Posts the three, with or without the script; gives who did, and the post.
const postAll = async (files, hasScript) => {
	const person = await newPerson({ javaScriptEnabled: hasScript });

	await sendJoin(person.page, freshName("photographer"), "Real Cameras");
	await person.page.locator("details.menu").waitFor();
	await person.page.goto(`${url}/new`);
	await choose(person.page, files, hasScript);
	await person.page.getByLabel("Show camera data").check();
	await person.page.getByRole("button", { name: "Share post" }).click();
	await person.page.waitForURL(/\/p\/\d+/);
	return { person, path: new URL(person.page.url()).pathname };
};

const assertShown = async (stranger, files) => {
	const images = stranger.page.locator(".post-images img");

	assert.equal(await images.count(), cameras.length);
	await seeAll(stranger.page);
	for (const [i, camera] of cameras.entries()) {
		const large = (await images.nth(i).getAttribute("src")).replace("-m.", "-l.");
		const size = [await images.nth(i).getAttribute("width"), await images.nth(i).getAttribute("height")];
		const posted = await lightsOf(stranger.page, `data:image/jpeg;base64,${files[i].buffer.toString("base64")}`);

		assert.deepEqual(size, camera.size.map(String));
		for (const address of [large, large.replace("-l.", "-m.")]) {
			const bytes = await bytesAt(stranger, address);
			await assertSameSideUp(stranger.page, address, posted, `${camera.path} at ${address}`);
			assert.deepEqual(blocksOf(bytes).map(({ marker }) => marker), [0xe0], address);
			assertTellsNothing(bytes, camera, address);
		}
		assertTellsNothing(await bytesAt(stranger, large.replace("-l.", "-s.")), camera, "the square");
		assert.match(await stranger.page.locator(".camera").nth(i).textContent(), camera.shown);
	}
};

// What the owner can fetch again is the same picture, with nothing but the
// orientation.
const assertOriginals = async (person, path) => {
	for (const [i, camera] of cameras.entries()) {
		const bytes = await bytesAt(person, `${path}/original/${i + 1}`);

		assertTellsNothing(bytes, camera, `original ${i + 1}`);
		assert.equal(findOrientation(bytes).value, camera.posted);
		for (const block of blocksOf(bytes).filter(({ marker }) => marker === 0xe1)) {
			assert.ok(block.bytes.length < 64, `original ${i + 1} has ${block.bytes.length} bytes of EXIF`);
		}
	}
};

for (const hasScript of [false, true]) {
	test(`photographs of real cameras are upright and say nothing else ${hasScript ? "with" : "without"} the script`, async () => {
		const files = photographs();
		const { person, path } = await postAll(files, hasScript);
		// Who looks at pixels needs a script, and beside them those of the file.
		const stranger = await newPerson({ bypassCSP: true });

		await stranger.page.goto(url + path);
		await assertShown(stranger, files);
		await assertOriginals(person, path);
		assert.deepEqual([...person.faults, ...stranger.faults], []);
		await person.context.close();
		await stranger.context.close();
	});
}
