'use strict';

// The page draws, moves and turns; what the models say comes from the REST interface.

const SHIFTS = Array.from({length: 17}, (_, i) => i - 8); // pixels
const ANGLES = Array.from({length: 24}, (_, i) => 15 * i - 180); // degrees
const MASTER = 320; // height and width of what is drawn on, before it gets a model's size
const MOST_VALUES = 1e6; // of pixels in a request
const DRAWING_MILLIS = 150; // between two sweeps while somebody draws
const READING_MILLIS = 700; // until a new answer is read out

const find = id => document.getElementById(id);
const percent = p => (100 * p).toFixed(1) + ' %';

// ---------------------------------------------------------------- pixels

/** Pixels: height x width x channels numbers of 0 to 255, row by row. */
class Pixels {
  constructor(height, width, channels, values) {
    this.height = height;
    this.width = width;
    this.channels = channels;
    this.values = values || new Uint8Array(height * width * channels);
  }

  at(y, x, c) {
    const inside = y >= 0 && y < this.height && x >= 0 && x < this.width;
    return inside ? this.values[(y * this.width + x) * this.channels + c] : 0;
  }

  /** Turned counterclockwise about the centre: bilinear, with zeros outside, as test-rotated has it. */
  turned(degrees) {
    if (degrees % 360 === 0) {
      return this;
    }
    const [cosine, sine] = direction(degrees);
    const middleY = (this.height - 1) / 2;
    const middleX = (this.width - 1) / 2;
    return this.map((y, x, c) => {
      const sourceY = middleY + (y - middleY) * cosine + (x - middleX) * sine;
      const sourceX = middleX - (y - middleY) * sine + (x - middleX) * cosine;
      const top = Math.floor(sourceY);
      const left = Math.floor(sourceX);
      const below = sourceY - top;
      const beside = sourceX - left;
      const upper = (1 - beside) * this.at(top, left, c) + beside * this.at(top, left + 1, c);
      const lower = (1 - beside) * this.at(top + 1, left, c) + beside * this.at(top + 1, left + 1, c);
      return Math.floor((1 - below) * upper + below * lower + 0.5);
    });
  }

  /** Moved right and down, zeros coming in, as test-shifted has it. */
  moved(right, down) {
    return right === 0 && down === 0 ? this : this.map((y, x, c) => this.at(y - down, x - right, c));
  }

  map(value) {
    const result = new Pixels(this.height, this.width, this.channels);
    let i = 0;
    for (let y = 0; y < this.height; y++) {
      for (let x = 0; x < this.width; x++) {
        for (let c = 0; c < this.channels; c++) {
          result.values[i++] = value(y, x, c);
        }
      }
    }
    return result;
  }

  withChannels(channels) {
    if (channels === this.channels) {
      return this;
    }
    const result = new Pixels(this.height, this.width, channels);
    return result.map((y, x, c) => channels === 3
      ? this.at(y, x, 0)
      : Math.round(0.299 * this.at(y, x, 0) + 0.587 * this.at(y, x, 1) + 0.114 * this.at(y, x, 2)));
  }

  draw(canvas) {
    canvas.width = this.width;
    canvas.height = this.height;
    const context = canvas.getContext('2d');
    const image = context.createImageData(this.width, this.height);
    for (let i = 0; i < this.height * this.width; i++) {
      for (let c = 0; c < 3; c++) {
        image.data[4 * i + c] = this.values[i * this.channels + (this.channels === 3 ? c : 0)];
      }
      image.data[4 * i + 3] = 255;
    }
    context.putImageData(image, 0, 0);
  }

  /** As the REST interface takes it: lists of rows of pixels of channels. */
  lists() {
    return Array.from({length: this.height}, (_, y) => Array.from({length: this.width}, (_, x) =>
      Array.from({length: this.channels}, (_, c) => this.at(y, x, c))));
  }

  static of(canvas) {
    const {width, height} = canvas;
    const data = canvas.getContext('2d', {willReadFrequently: true}).getImageData(0, 0, width, height).data;
    return new Pixels(height, width, 3).map((y, x, c) => data[4 * (y * width + x) + c]);
  }
}

/** Cosine and sine, without rounding at multiples of 90 degrees. */
function direction(degrees) {
  const radians = degrees * Math.PI / 180;
  return degrees % 90 === 0
    ? [Math.round(Math.cos(radians)), Math.round(Math.sin(radians))]
    : [Math.cos(radians), Math.sin(radians)];
}

function canvasOf(width, height) {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  return canvas;
}

/** What is looked at: a test image, or what was drawn or dropped; at rest, in any size. */
class Picture {
  constructor() {
    this.master = canvasOf(MASTER, MASTER);
    this.clear();
  }

  get context() {
    const context = this.master.getContext('2d', {willReadFrequently: true});
    context.imageSmoothingQuality = 'high';
    return context;
  }

  clear() {
    this.context.fillStyle = '#000';
    this.context.fillRect(0, 0, MASTER, MASTER);
    this.becomeOwn();
  }

  /** From now on it is what is on the master, and nobody knows its class. */
  becomeOwn() {
    this.exact = new Map();
    this.className = null;
    this.sizes = new Map();
  }

  /** Takes a test image, whose sizes were made as those that models are tested on. */
  take(samples) {
    this.clear();
    const largest = samples.reduce((a, b) => b.side > a.side ? b : a);
    const canvas = canvasOf(largest.side, largest.side);
    largest.pixels.draw(canvas);
    this.context.drawImage(canvas, 0, 0, MASTER, MASTER);
    samples.forEach(sample => this.exact.set(sample.side, sample.pixels));
    this.className = samples[0].class;
  }

  /** Takes any picture: whole, black around it, light for dark where its margin is light. */
  takeImage(image) {
    this.clear();
    const scale = MASTER / Math.max(image.width, image.height);
    const width = image.width * scale;
    const height = image.height * scale;
    const [left, top] = [(MASTER - width) / 2, (MASTER - height) / 2];
    this.context.fillStyle = '#fff'; // behind transparent parts
    this.context.fillRect(left, top, width, height);
    this.context.drawImage(image, left, top, width, height);
    const light = this.isMarginLight(left, top, width, height);
    if (light) {
      this.context.globalCompositeOperation = 'difference';
      this.context.fillStyle = '#fff';
      this.context.fillRect(left, top, width, height);
      this.context.globalCompositeOperation = 'source-over';
    }
    return light;
  }

  isMarginLight(left, top, width, height) {
    const data = this.context.getImageData(left, top, Math.max(1, width), Math.max(1, height));
    let light = 0;
    let all = 0;
    for (let y = 0; y < data.height; y++) {
      const edge = y === 0 || y === data.height - 1;
      for (let x = 0; x < data.width; x += edge ? 1 : Math.max(1, data.width - 1)) {
        const i = 4 * (y * data.width + x);
        light += data.data[i] + data.data[i + 1] + data.data[i + 2] > 3 * 127 ? 1 : 0;
        all++;
      }
    }
    return light >= 0.75 * all;
  }

  /** Draws a line between two points, fractions of the picture. */
  stroke(from, to, erases) {
    const context = this.context;
    context.strokeStyle = erases ? '#000' : '#fff';
    context.lineWidth = MASTER * (erases ? 0.14 : 0.085);
    context.lineCap = 'round';
    context.beginPath();
    context.moveTo(from.x * MASTER, from.y * MASTER);
    context.lineTo(to.x * MASTER + 0.01, to.y * MASTER);
    context.stroke();
    this.becomeOwn();
  }

  pixels(height, width, channels) {
    const key = [height, width, channels].join();
    if (!this.sizes.has(key)) {
      const exact = height === width && this.exact.get(height);
      this.sizes.set(key, (exact || this.resized(height, width)).withChannels(channels));
    }
    return this.sizes.get(key);
  }

  resized(height, width) {
    const canvas = canvasOf(width, height);
    const context = canvas.getContext('2d', {willReadFrequently: true});
    context.imageSmoothingQuality = 'high';
    context.drawImage(this.master, 0, 0, width, height);
    return Pixels.of(canvas);
  }
}

// ---------------------------------------------------------------- what is shown

const state = {picture: new Picture(), right: 0, down: 0, degrees: 0};
let models = [];

/** Black letters can be read on all of them. */
function colour(index) {
  return `oklch(0.8 0.13 ${(index * 137.5 + 25) % 360})`;
}

/** A model, its card, and the requests for it: one at a time, the newest wish of each kind next. */
class Model {
  constructor(description) {
    Object.assign(this, description);
    const card = find('model').content.cloneNode(true).querySelector('article');
    this.card = card;
    card.setAttribute('aria-label', this.name);
    card.querySelector('h3').textContent = this.name;
    card.querySelector('.kind').textContent =
      this.model ? `${this.model}, trained on ${this.dataset}` : `${this.height}x${this.width} pixels`;
    this.order = this.classes.map((_, index) => index);
    this.bars = this.order.slice(0, 10).map(() => {
      const row = document.createElement('li');
      for (const part of ['name', 'track', 'percent']) {
        row.append(Object.assign(document.createElement('span'), {className: part}));
      }
      row.querySelector('.track').append(Object.assign(document.createElement('div'), {className: 'bar'}));
      card.querySelector('.bars').append(row);
      return row;
    });
    this.line = document.createElement('li');
    this.line.append(
      Object.assign(document.createElement('span'), {textContent: this.name}), document.createElement('b'));
    this.strip('shift', SHIFTS.length);
    this.strip('angle', ANGLES.length);
    this.wishes = new Map();
  }

  strip(kind, boxes) {
    const strip = this.card.querySelector(`[data-sweep=${kind}] .strip`);
    for (let i = 0; i < boxes; i++) {
      strip.append(document.createElement('span'));
    }
  }

  base() {
    return state.picture.pixels(this.height, this.width, this.channels);
  }

  askAnswer() {
    const image = this.base().turned(state.degrees).moved(state.right, state.down);
    const place = placeText();
    this.wish('answer', [image], ([probabilities]) => this.showAnswer(probabilities, place));
  }

  askSweep() {
    const base = this.base();
    const {className} = state.picture;
    const images = [...SHIFTS.map(shift => base.moved(shift, 0)), ...ANGLES.map(angle => base.turned(angle))];
    this.wish('sweep', images, rows => this.showSweep(rows.map(best), className));
  }

  wish(kind, images, show) {
    this.wishes.set(kind, {images, show});
    if (!this.busy) {
      this.busy = this.work().finally(() => {
        this.busy = null;
      });
    }
  }

  async work() {
    while (this.wishes.size > 0) {
      const kind = this.wishes.has('answer') ? 'answer' : 'sweep';
      const {images, show} = this.wishes.get(kind);
      this.wishes.delete(kind);
      try {
        show(await this.predict(images));
        this.fail('');
      } catch (error) {
        this.fail(error.message);
      }
    }
  }

  async predict(images) {
    const values = this.height * this.width * this.channels;
    const size = this.depends_on_batch ? 1 : Math.max(1, Math.floor(MOST_VALUES / values));
    const rows = [];
    for (let first = 0; first < images.length; first += size) {
      const instances = images.slice(first, first + size).map(image => ({[this.input]: image.lists()}));
      const answer = await fetch(`v1/models/${this.name}:predict`,
        {method: 'POST', body: JSON.stringify({instances})});
      const body = await answer.json();
      if (!answer.ok) {
        throw new Error(body.error);
      }
      rows.push(...body.predictions.map(row => row.probabilities || row));
    }
    return rows;
  }

  fail(message) {
    const error = this.card.querySelector('.error');
    error.hidden = message === '';
    error.textContent = message;
  }

  showAnswer(probabilities, place) {
    const index = best(probabilities);
    this.answer = `${this.classes[index]}, ${percent(probabilities[index])}`;
    this.line.querySelector('b').textContent = this.answer;
    this.line.style.borderColor = colour(index);
    this.card.querySelector('.class').textContent = this.classes[index];
    this.card.querySelector('.probability').textContent = percent(probabilities[index]);
    this.card.dataset.place = place;
    this.card.dataset.class = this.classes[index];
    this.card.dataset.probability = probabilities[index];
    // Of many classes, the likeliest.
    const order = this.classes.length <= this.bars.length
      ? this.order
      : [...this.order].sort((a, b) => probabilities[b] - probabilities[a]);
    this.bars.forEach((row, i) => {
      const p = probabilities[order[i]];
      row.querySelector('.name').textContent = this.classes[order[i]];
      row.querySelector('.percent').textContent = percent(p);
      const bar = row.querySelector('.bar');
      bar.style.width = 100 * p + '%';
      bar.style.background = colour(order[i]);
    });
    this.mark();
    readOut();
  }

  showSweep(answers, className) {
    const rest = answers[SHIFTS.indexOf(0)];
    const known = this.classes.indexOf(className);
    const wanted = known >= 0 ? known : rest;
    this.showStrip('shift', answers.slice(0, SHIFTS.length), wanted, SHIFTS, 'pixels', known >= 0);
    this.showStrip('angle', answers.slice(SHIFTS.length), wanted, ANGLES, 'degrees', known >= 0);
    this.mark();
  }

  showStrip(kind, answers, wanted, places, unit, isTrue) {
    const sweep = this.card.querySelector(`[data-sweep=${kind}]`);
    const names = answers.map(answer => this.classes[answer]);
    const boxes = sweep.querySelectorAll('.strip span');
    boxes.forEach((box, i) => {
      box.style.backgroundColor = colour(answers[i]);
      box.classList.toggle('other', answers[i] !== wanted);
      box.textContent = names[i].length <= 2 ? names[i] : '';
      box.title = `${places[i]} ${unit}: ${names[i]}`;
    });
    const kept = answers.filter(answer => answer === wanted).length;
    const verdict = sweep.querySelector('.verdict');
    verdict.textContent =
      `${isTrue ? 'recognises' : 'keeps'} ${this.classes[wanted]} at ${kept} of ${answers.length}`;
    verdict.className = 'verdict ' + (kept === answers.length ? 'kept' : 'lost');
    sweep.dataset.kept = kept;
    sweep.querySelector('.strip').setAttribute('aria-label',
      places.map((place, i) => `${place} ${unit}: ${names[i]}`).join(', '));
  }

  /** Frames the boxes of where the picture is. */
  mark() {
    const here = {
      shift: state.down === 0 && state.degrees === 0 ? SHIFTS.indexOf(state.right) : -1,
      angle: state.down === 0 && state.right === 0 ? ANGLES.findIndex(a => (a - state.degrees) % 360 === 0) : -1,
    };
    for (const [kind, place] of Object.entries(here)) {
      this.card.querySelectorAll(`[data-sweep=${kind}] .strip span`)
        .forEach((box, i) => box.classList.toggle('here', i === place));
    }
  }
}

function best(probabilities) {
  return probabilities.indexOf(Math.max(...probabilities));
}

let readingTimer = 0;

/** Says the answers to those who do not see them, when they have come to rest. */
function readOut() {
  clearTimeout(readingTimer);
  readingTimer = setTimeout(() => {
    find('summary').textContent = models.map(model => `${model.name}: ${model.answer || 'no answer'}`).join('; ');
  }, READING_MILLIS);
}

// ---------------------------------------------------------------- moving and turning

function placeText() {
  return `moved by ${state.right} to the right and ${state.down} down, turned by ${state.degrees}°`;
}

function show() {
  const size = models[0] || {height: 32, width: 32, channels: 1};
  state.picture.pixels(size.height, size.width, size.channels)
    .turned(state.degrees)
    .moved(state.right, state.down)
    .draw(find('canvas'));
  find('place').textContent = placeText();
  find('canvas').setAttribute('aria-label', `The picture, ${placeText()}`);
  find('degrees').textContent = `${state.degrees}°`;
  find('angle').value = state.degrees;
  models.forEach(model => {
    model.mark();
    model.askAnswer();
  });
}

function place(right, down, degrees) {
  const {width, height} = find('canvas');
  const within = (value, most) => Math.max(-most, Math.min(most, value));
  state.right = within(right, width >> 1);
  state.down = within(down, height >> 1);
  state.degrees = degrees;
  show();
}

let sweepTimer = 0;

/** For another picture: all answers, and the sweep when it has come to rest. */
function pictureChanged(millis) {
  document.querySelectorAll('#samples button').forEach(button =>
    button.setAttribute('aria-pressed', String(button.sample && button.sample === state.sample)));
  show();
  clearTimeout(sweepTimer);
  sweepTimer = setTimeout(() => models.forEach(model => model.askSweep()), millis);
}

function dragMode() {
  return document.querySelector('[name=drag]:checked').value;
}

function chooseDragMode(mode) {
  document.querySelector(`[name=drag][value=${mode}]`).checked = true;
  find('canvas').classList.toggle('moving', mode === 'move');
}

/** Where the pointer is, as fractions of the canvas. */
function pointer(event) {
  const box = find('canvas').getBoundingClientRect();
  return {x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height};
}

/** The same on the picture at rest. */
function atRest({x, y}) {
  const {width, height} = find('canvas');
  const [cosine, sine] = direction(state.degrees);
  const right = (x * width - state.right) - width / 2;
  const down = (y * height - state.down) - height / 2;
  return {
    x: (width / 2 - down * sine + right * cosine) / width,
    y: (height / 2 + down * cosine + right * sine) / height,
  };
}

function listenToCanvas() {
  const canvas = find('canvas');
  let last = null;
  const begin = event => {
    canvas.setPointerCapture(event.pointerId);
    last = {at: pointer(event), right: state.right, down: state.down};
    if (dragMode() !== 'move') {
      goOn(event);
    }
  };
  const goOn = event => {
    if (!last) {
      return;
    }
    const at = pointer(event);
    if (dragMode() === 'move') {
      place(
        last.right + Math.round((at.x - last.at.x) * canvas.width),
        last.down + Math.round((at.y - last.at.y) * canvas.height),
        state.degrees);
    } else {
      state.picture.stroke(atRest(last.at), atRest(at), dragMode() === 'erase');
      state.sample = null;
      last.at = at;
      pictureChanged(DRAWING_MILLIS);
    }
  };
  canvas.addEventListener('pointerdown', begin);
  canvas.addEventListener('pointermove', goOn);
  canvas.addEventListener('pointerup', () => { last = null; });
  canvas.addEventListener('pointercancel', () => { last = null; });
  canvas.addEventListener('keydown', event => {
    const move = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]}[event.key];
    if (move) {
      event.preventDefault();
      place(state.right + move[0], state.down + move[1], state.degrees);
    }
  });
}

async function takeFile(file) {
  try {
    const image = await createImageBitmap(file);
    const inverted = state.picture.takeImage(image);
    state.sample = null;
    find('note').textContent = inverted ? 'Light was taken for dark, as the margin is light.' : '';
    place(0, 0, 0);
    pictureChanged(0);
  } catch (error) {
    find('note').textContent = `${file.name} is no picture that this browser can read.`;
  }
}

function listenToControls() {
  document.querySelectorAll('[name=drag]').forEach(radio =>
    radio.addEventListener('change', () => chooseDragMode(radio.value)));
  document.querySelectorAll('[data-move]').forEach(button => {
    const [right, down] = button.dataset.move.split(' ').map(Number);
    button.addEventListener('click', () => place(state.right + right, state.down + down, state.degrees));
  });
  find('angle').addEventListener('input', event =>
    place(state.right, state.down, Number(event.target.value)));
  find('back').addEventListener('click', () => place(0, 0, 0));
  find('clear').addEventListener('click', () => {
    state.picture.clear();
    state.sample = null;
    chooseDragMode('draw');
    place(0, 0, 0);
    pictureChanged(0);
  });
  find('file').addEventListener('change', event => {
    if (event.target.files.length > 0) {
      takeFile(event.target.files[0]);
    }
  });
  const canvas = find('canvas');
  for (const [type, over] of [['dragover', true], ['dragleave', false], ['drop', false]]) {
    document.addEventListener(type, event => {
      event.preventDefault();
      canvas.classList.toggle('dropping', over);
      if (type === 'drop' && event.dataTransfer.files.length > 0) {
        takeFile(event.dataTransfer.files[0]);
      }
    });
  }
}

// ---------------------------------------------------------------- the beginning

function takeSample(samples) {
  state.picture.take(samples);
  state.sample = samples;
  find('note').textContent = '';
  place(0, 0, 0);
  pictureChanged(0);
}

/** Buttons for the test images, each in all sizes that the models have. */
function offerSamples(samples) {
  const images = new Map();
  for (const sample of samples) {
    const bytes = Uint8Array.from(atob(sample.pixels), c => c.charCodeAt(0));
    sample.pixels = new Pixels(sample.side, sample.side, 1, bytes);
    const key = `${sample.dataset} ${sample.class}`;
    images.set(key, [...(images.get(key) || []), sample]);
  }
  for (const sizes of images.values()) {
    const button = Object.assign(document.createElement('button'), {type: 'button', sample: sizes});
    button.title = `${sizes[0].class}, a test image of ${sizes[0].dataset}`;
    button.setAttribute('aria-label', button.title);
    const canvas = document.createElement('canvas');
    sizes[0].pixels.draw(canvas);
    button.append(canvas);
    button.addEventListener('click', () => takeSample(sizes));
    find('samples').append(button);
  }
  return [...images.values()];
}

async function begin() {
  chooseDragMode('move');
  listenToCanvas();
  listenToControls();
  try {
    const answer = await fetch('page.json');
    const description = await answer.json();
    if (!answer.ok) {
      throw new Error(description.error);
    }
    models = description.models.filter(model => !model.not_shown).map(model => new Model(model));
    find('models').append(...models.map(model => model.card));
    find('answers').append(...models.map(model => model.line));
    for (const model of description.models.filter(each => each.not_shown)) {
      find('not-shown').append(Object.assign(document.createElement('li'),
        {textContent: `${model.name} is not shown: ${model.not_shown}.`}));
    }
    const samples = offerSamples(description.samples);
    if (samples.length > 0) {
      takeSample(samples.find(sizes => sizes[0].class === '1') || samples[0]);
    } else {
      pictureChanged(0);
    }
  } catch (error) {
    find('note').textContent = `The server does not say which models it has: ${error.message}`;
  }
}

begin();
