/*
 * Enhancements only: every page works without this file.
 *
 *	likes     and bookmarks, sent without loading the page again
 *	reading   marks notifications as read once they are in sight
 *	uploads   one place for many files, previews, checks before sending
 *	counters  characters left in a text
 *	forms     not sent twice by an impatient finger
 *	menu      closes on Escape, on a click elsewhere, and when the keyboard leaves it
 */
"use strict";

(() => {
	const all = (where, what) => Array.from(where.querySelectorAll(what));

	/* likes and bookmarks: buttons that stay pressed */

	const press = async (button) => {
		const fields = new FormData(button.form);
		fields.append(button.name, button.value);
		const reply = await fetch(button.formAction, {
			method: "POST",
			headers: { Accept: "application/json" },
			body: new URLSearchParams(fields),
			credentials: "same-origin",
		});
		if (!reply.ok) {
			throw new Error(String(reply.status));
		}
		const now = await reply.json();
		const [, post, what] = /^(.*\/)(?:un)?([a-z]+)$/.exec(button.getAttribute("formaction"));
		const isOn = what === "like" ? now.liked : now.saved;
		if (typeof isOn !== "boolean" || (what === "like" && typeof now.likes !== "number")) {
			throw new Error("not an answer to this button");
		}
		button.setAttribute("formaction", post + (isOn ? "un" : "") + what);
		button.setAttribute("aria-pressed", String(isOn));
		button.classList.toggle("pop", isOn);
		if (what === "like") {
			button.lastElementChild.textContent = String(now.likes);
		}
	};

	for (const button of all(document, "button[aria-pressed]")) {
		let isBusy = false;
		let isFailed = false;
		button.addEventListener("click", (event) => {
			if (isFailed) {
				return;
			}
			event.preventDefault();
			if (isBusy) {
				return;
			}
			isBusy = true;
			press(button)
				.catch(() => {
					/* as without this script */
					isFailed = true;
					button.click();
				})
				.then(() => {
					isBusy = false;
				});
		});
	}

	/* reading: the page itself, when it is asked for, changes nothing */

	const markRead = async (form) => {
		const reply = await fetch(form.action, {
			method: "POST",
			headers: { Accept: "application/json" },
			body: new URLSearchParams(new FormData(form)),
			credentials: "same-origin",
		});
		if (!reply.ok) {
			return; /* the button is still there */
		}
		const now = await reply.json();
		if (now.unread === 0) {
			form.hidden = true;
			for (const bell of all(document, ".bell")) {
				bell.querySelector(".vh").textContent = "Notifications";
				bell.querySelector(".badge").remove();
			}
		}
	};

	for (const form of all(document, "form[data-read]")) {
		const read = () => {
			if (document.visibilityState === "visible") {
				document.removeEventListener("visibilitychange", read);
				markRead(form).catch(() => {});
			}
		};
		document.addEventListener("visibilitychange", read);
		read();
	}

	/* counters */

	const lengthOf = (text) => Array.from(text.replace(/\r\n?/g, "\n")).length;

	for (const area of all(document, "textarea[data-limit]")) {
		const limit = Number(area.dataset.limit);
		const left = area.closest(".field").querySelector("[data-left]");
		if (!left || !limit) {
			continue;
		}
		const show = () => {
			const rest = limit - lengthOf(area.value);
			const isOver = rest < 0;
			left.textContent = isOver
				? `${-rest} too many.`
				: rest <= Math.max(50, limit / 5)
					? `${rest} left.`
					: "";
			left.classList.toggle("over", isOver);
			area.setCustomValidity(isOver ? `This is ${-rest} characters too long.` : "");
		};
		area.addEventListener("input", show);
		show();
	}

	/* forms that take a while, and impatient fingers */

	for (const form of all(document, 'form[method="post"]:not(#act)')) {
		form.addEventListener("submit", (event) => {
			if (event.defaultPrevented) {
				return;
			}
			if (form.dataset.sent) {
				event.preventDefault();
				return;
			}
			form.dataset.sent = "yes";
			const button = form.querySelector('button[type="submit"]');
			if (button && button.dataset.busy) {
				button.dataset.idle = button.textContent;
				button.textContent = button.dataset.busy;
				button.setAttribute("aria-disabled", "true");
			}
		});
	}

	/* back from the next page: everything may be sent again */
	window.addEventListener("pageshow", () => {
		for (const form of all(document, "form[data-sent]")) {
			delete form.dataset.sent;
			for (const button of all(form, "button[data-idle]")) {
				button.textContent = button.dataset.idle;
				button.removeAttribute("aria-disabled");
			}
		}
	});

	/* menu */

	for (const menu of all(document, "details.menu")) {
		document.addEventListener("click", (event) => {
			if (!menu.contains(event.target)) {
				menu.open = false;
			}
		});
		menu.addEventListener("focusout", (event) => {
			if (event.relatedTarget && !menu.contains(event.relatedTarget)) {
				menu.open = false;
			}
		});
		menu.addEventListener("keydown", (event) => {
			if (event.key === "Escape" && menu.open) {
				menu.open = false;
				menu.querySelector("summary").focus();
			}
		});
	}

	/* what a file has to be before it is worth sending */

	const kinds = ["image/jpeg", "image/png", "image/gif", "image/webp", "image/heic", "image/heif", "image/avif"];

	/* not every system has a name for the pictures of phones */
	const isKnown = (file) => kinds.includes(file.type) || (file.type === "" && /\.(heic|heif|avif)$/i.test(file.name));

	const faultOf = (file, maxBytes) => {
		if (!isKnown(file)) {
			return "is not a JPEG, PNG, GIF, WebP, HEIC or AVIF image.";
		}
		if (file.size === 0) {
			return "is empty.";
		}
		if (maxBytes && file.size > maxBytes) {
			const size = (file.size / 1e6).toFixed(1);
			return `has ${size} MB, which is more than the ${Math.floor(maxBytes / 1e6)} MB an image may have.`;
		}
		return "";
	};

	const previewOf = (file) => {
		const image = document.createElement("img");
		const url = URL.createObjectURL(file);
		image.alt = "";
		image.src = url;
		image.addEventListener("load", () => URL.revokeObjectURL(url), { once: true });
		/* the site can read some that the browser cannot */
		image.addEventListener("error", () => {
			URL.revokeObjectURL(url);
			image.alt = file.name;
		}, { once: true });
		return image;
	};

	/* the profile picture */

	for (const input of all(document, 'input[type="file"][name="picture"]')) {
		const form = input.closest("form");
		const place = form.querySelector("[data-picture] .av");
		const error = form.querySelector("[data-error]");
		input.addEventListener("change", () => {
			const file = input.files[0];
			const fault = file ? faultOf(file, Number(input.dataset.maxBytes)) : "";
			error.textContent = fault ? `${file.name} ${fault}` : "";
			input.toggleAttribute("aria-invalid", false);
			if (fault) {
				input.setAttribute("aria-invalid", "true");
				input.value = "";
			} else if (file && place) {
				place.replaceChildren(previewOf(file));
			}
		});
	}

	/* new post */

	const upload = (form) => {
		const drop = form.querySelector("[data-drop]");
		const chooser = drop.querySelector("input");
		const errors = form.querySelector("[data-images-error]");
		const slots = all(form, "[data-slot]");
		const maxImages = Math.min(slots.length, Number(form.dataset.maxImages) || slots.length);
		const maxBytes = Number(form.dataset.maxBytes);

		const inputOf = (slot) => slot.querySelector('input[type="file"]');
		const altOf = (slot) => slot.querySelector('input[name="alt"]');
		const errorOf = (slot) => slot.querySelector("[data-error]");
		const isFilled = (slot) => inputOf(slot).files.length > 0;
		const count = () => slots.filter(isFilled).length;

		const show = () => {
			for (const slot of slots) {
				const input = inputOf(slot);
				const file = input.files[0];
				const old = slot.querySelector(".preview");
				/* what the server sent back stays in sight until its file is chosen again */
				const isOpen = !file && (altOf(slot).value !== "" || errorOf(slot).textContent !== "");
				slot.hidden = !file && !isOpen;
				slot.classList.toggle("chosen", Boolean(file));
				slot.querySelector("[data-remove]").hidden = !file;
				if (old && (!file || old.dataset.of !== `${file.name}/${file.size}/${file.lastModified}`)) {
					old.remove();
				}
				if (file && !slot.querySelector(".preview")) {
					const image = previewOf(file);
					image.className = "preview";
					image.dataset.of = `${file.name}/${file.size}/${file.lastModified}`;
					slot.querySelector("legend").after(image);
				}
			}
			drop.hidden = count() >= maxImages;
			drop.classList.toggle("small", count() > 0);
		};

		const say = (lines) => {
			errors.textContent = lines.join(" ");
		};

		const check = (slot) => {
			const input = inputOf(slot);
			const file = input.files[0];
			const fault = file ? faultOf(file, maxBytes) : "";
			errorOf(slot).textContent = fault ? `${file.name} ${fault}` : "";
			if (fault) {
				input.setAttribute("aria-invalid", "true");
				input.value = "";
			} else {
				input.removeAttribute("aria-invalid");
			}
		};

		const add = (files) => {
			const lines = [];
			let rest = 0;
			let last = null;
			for (const file of files) {
				const fault = faultOf(file, maxBytes);
				const slot = slots.find((one) => !isFilled(one));
				if (fault) {
					lines.push(`${file.name} ${fault}`);
				} else if (!slot || count() >= maxImages) {
					rest += 1;
				} else {
					const box = new DataTransfer();
					box.items.add(file);
					inputOf(slot).files = box.files;
					check(slot);
					last = last || slot;
				}
			}
			if (rest) {
				lines.push(`A post has room for ${maxImages} images; ${rest} more ${rest === 1 ? "was" : "were"} left out.`);
			}
			say(lines);
			show();
			if (last && !lines.length) {
				altOf(last).focus({ preventScroll: true });
			}
		};

		for (const slot of slots) {
			const remove = document.createElement("button");
			remove.type = "button";
			remove.className = "remove";
			remove.dataset.remove = "";
			remove.textContent = "Remove";
			remove.setAttribute("aria-label", `Remove image ${slots.indexOf(slot) + 1}`);
			remove.addEventListener("click", () => {
				inputOf(slot).value = "";
				altOf(slot).value = "";
				errorOf(slot).textContent = "";
				say([]);
				show();
				chooser.focus();
			});
			slot.append(remove);
			inputOf(slot).addEventListener("change", () => {
				check(slot);
				show();
			});
		}

		chooser.addEventListener("change", () => {
			add(Array.from(chooser.files));
			chooser.value = "";
		});

		const stop = (event) => {
			event.preventDefault();
			drop.classList.toggle("over", event.type === "dragover" || event.type === "dragenter");
		};
		for (const type of ["dragenter", "dragover", "dragleave", "drop"]) {
			form.addEventListener(type, stop);
		}
		form.addEventListener("drop", (event) => {
			if (event.dataTransfer) {
				add(Array.from(event.dataTransfer.files));
			}
		});

		form.addEventListener(
			"submit",
			(event) => {
				if (count() === 0) {
					event.preventDefault();
					say(["Please choose at least one image."]);
					chooser.focus();
				}
			},
			true
		);

		form.querySelector("[data-more]").open = true;
		form.classList.add("scripted");
		drop.hidden = false;
		show();
		window.addEventListener("pageshow", show);
	};

	for (const form of all(document, "form[data-upload]")) {
		try {
			new DataTransfer();
		} catch (e) {
			continue; /* an old browser: the plain form it is */
		}
		upload(form);
	}
})();
