"""Records what transformers' generate makes with the tiny language models of record_decoders.py.

generation.json lists cases: the checkpoint, a prompt, the strategy in Sensorium's words, penalty on
repetition, end tokens, the most tokens, and the ids that followed; for greedy search also their
log-probabilities, for sampling the distribution that the next token is drawn from, after all
warpers. A text is recorded only if float64 chooses the same ids as float32, so that no choice hangs
on rounding. transformers 5 has no contrastive search any more: it is written down here from Su et
al., "A Contrastive Framework for Neural Text Generation" (2022), with transformers' hidden states,
and recorded only if every choice is clear by 1e-3.

Run: pip install -r requirements.txt && python record_generation.py
"""

import copy
import json
import pathlib

import torch
import transformers

HERE = pathlib.Path(__file__).parent
MODELS = ["llama-grouped", "qwen3-biased", "mistral-sliding"]
CLEAR = 1e-3
TOKENS = 40


def generate(model, prompt, ends, penalty, tokens, **settings):
    ids = torch.tensor([prompt])
    with torch.no_grad():
        return model.generate(
            input_ids=ids,
            attention_mask=torch.ones_like(ids),
            max_new_tokens=tokens,
            eos_token_id=ends or None,
            pad_token_id=0,
            repetition_penalty=penalty,
            return_dict_in_generate=True,
            output_logits=True,
            output_scores=True,
            **settings,
        )


def contrastive(model, prompt, ends, tokens, top_k, alpha):
    ids = list(prompt)
    clear = True
    with torch.no_grad():
        for _ in range(tokens):
            context = model.model(torch.tensor([ids])).last_hidden_state[0]
            probabilities = model.lm_head(context[-1]).softmax(-1)
            best = probabilities.topk(top_k + 1)
            clear &= float(best.values[top_k - 1] - best.values[top_k]) > 1e-6
            candidates = best.indices[:top_k]
            rows = torch.stack([torch.tensor(ids + [int(candidate)]) for candidate in candidates])
            states = model.model(rows).last_hidden_state[:, -1]
            alike = torch.nn.functional.normalize(states, dim=-1) @ torch.nn.functional.normalize(context, dim=-1).T
            scores = (1 - alpha) * best.values[:top_k] - alpha * alike.max(-1).values
            ordered = scores.sort(descending=True).values
            clear &= float(ordered[0] - ordered[1]) > CLEAR
            ids.append(int(candidates[scores.argmax()]))
            if ids[-1] in ends:
                break
    return ids[len(prompt) :] if clear else None


class Recorder:
    def __init__(self, name, seed):
        self.name = name
        self.single = transformers.AutoModelForCausalLM.from_pretrained(
            HERE / name / "checkpoint", dtype=torch.float32, attn_implementation="eager"
        ).eval()
        self.double = copy.deepcopy(self.single).double()
        self.draw = torch.Generator().manual_seed(seed)
        self.cases = []

    def ids(self, count):
        return torch.randint(3, self.single.config.vocab_size, (count,), generator=self.draw).tolist()

    def case(self, prompt, strategy, ends=(), penalty=1.0, tokens=TOKENS):
        return {
            "model": self.name, "prompt": prompt, "strategy": strategy, "endTokens": list(ends),
            "repetitionPenalty": penalty, "maxTokens": tokens,
        }

    def text(self, strategy, ends, penalty, **settings):
        """The first prompt out of a few with which float64 agrees."""
        for _ in range(30):
            prompt = self.ids(9)
            chosen = []
            for model in (self.single, self.double):
                output = generate(model, prompt, ends, penalty, TOKENS, **settings)
                chosen.append(output.sequences[0, len(prompt) :].tolist())
            if chosen[0] == chosen[1]:
                case = self.case(prompt, strategy, ends, penalty)
                case["ids"] = chosen[0]
                self.cases.append(case)
                return case, output
        raise RuntimeError(f"no clear prompt for {self.name}: {strategy}")

    def greedy(self):
        for ends, penalty in (([], 1.0), (self.ids(5), 1.0), ([], 1.3), (self.ids(3), 0.8)):
            case, output = self.text("greedy", ends, penalty, do_sample=False)
            logits = torch.stack([step[0] for step in output.logits]).log_softmax(-1)
            case["logProbabilities"] = [
                round(float(row[token]), 6) for row, token in zip(logits, case["ids"])
            ]

    def beams(self):
        words = {True: "true", False: "false", "never": "never"}
        for width, length_penalty, ends, penalty in (
            (2, 1.0, 0, 1.0), (3, 1.0, 9, 1.0), (4, 0.0, 9, 1.0), (4, 2.0, 12, 1.0),
            (5, -1.0, 9, 1.0), (7, 1.2, 1, 1.2), (4, 0.6, 20, 1.4), (16, 1.0, 7, 1.0),
        ):
            for early in (True, False, "never"):
                strategy = f"beam,width={width},length-penalty={length_penalty},early-stopping={words[early]}"
                self.text(
                    strategy, self.ids(ends), penalty, do_sample=False, num_beams=width,
                    length_penalty=length_penalty, early_stopping=early,
                )

    def contrastives(self):
        for top_k, alpha, ends in ((4, 0.6, 0), (2, 0.4, 5), (7, 0.8, 5)):
            for _ in range(200):
                prompt, stops = self.ids(9), self.ids(ends)
                chosen = [contrastive(m, prompt, stops, 24, top_k, alpha) for m in (self.single, self.double)]
                if chosen[0] and chosen[0] == chosen[1]:
                    case = self.case(prompt, f"contrastive,top-k={top_k},alpha={alpha}", stops, tokens=24)
                    case["ids"] = chosen[0]
                    self.cases.append(case)
                    break
            else:
                raise RuntimeError(f"no clear prompt for {self.name}: contrastive {top_k} {alpha}")

    def samples(self):
        for settings in (
            {"temperature": 0.7}, {"temperature": 2.5, "top_k": 20}, {"temperature": 3.0, "top_p": 0.8},
            {"temperature": 3.0, "min_p": 0.05}, {"temperature": 2.0, "typical_p": 0.7},
            {"temperature": 4.0, "top_k": 60, "top_p": 0.9, "min_p": 0.02, "typical_p": 0.8},
        ):
            for penalty in (1.0, 1.5):
                prompt = self.ids(9)
                words = ",".join(f"{name.replace('_', '-')}={value}" for name, value in settings.items())
                warped = {"top_k": 0, **settings}
                output = generate(self.double, prompt, [], penalty, 1, do_sample=True, **warped)
                kept = output.scores[0][0].softmax(-1)
                case = self.case(prompt, f"sample,{words},seed=1", penalty=penalty, tokens=1)
                tokens = kept.nonzero()[:, 0].tolist()
                case["ids"] = tokens
                case["probabilities"] = [round(float(kept[token]), 7) for token in tokens]
                self.cases.append(case)


def main():
    cases = []
    for number, name in enumerate(MODELS):
        recorder = Recorder(name, 20261121 + number)
        recorder.greedy()
        recorder.beams()
        recorder.contrastives()
        recorder.samples()
        cases += recorder.cases
        print(name, [(case["strategy"], len(case["ids"])) for case in recorder.cases])
    text = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    head = json.dumps({"torch": torch.__version__, "transformers": transformers.__version__})[:-1]
    (HERE / "generation.json").write_text(f'{head}, "cases": [\n{text}\n]}}\n')


if __name__ == "__main__":
    main()
