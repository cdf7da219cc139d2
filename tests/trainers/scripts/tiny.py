"""A model and a tokenizer that take no download: random weights, and the words of small sums."""
import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast, Qwen2Config, Qwen2ForCausalLM

WORDS = ["<pad>", "<eos>", "<unk>", "What", "is", "plus", "?", "The", "answer", "is:", "because", "so", "then"]


def tiny_tokenizer():
    words = WORDS + [str(number) for number in range(40)]
    tokenizer = Tokenizer(models.WordLevel({word: i for i, word in enumerate(words)}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="<pad>", eos_token="<eos>", unk_token="<unk>", padding_side="left"
    )
    fast.chat_template = (
        "{% for message in messages %}{{ message['content'] }} {% endfor %}"
        "{% if add_generation_prompt %}The answer is: {% endif %}"
    )
    return fast


def tiny_model(tokenizer):
    torch.manual_seed(7)
    config = Qwen2Config(
        vocab_size=len(tokenizer),
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        num_key_value_heads=2,
        max_position_embeddings=64,
        pad_token_id=tokenizer.pad_token_id,
        eos_token_id=tokenizer.eos_token_id,
        bos_token_id=None,
    )
    return Qwen2ForCausalLM(config)


def sums(count, first=0):
    """Prompts with the sum that is right, as a dataset's rows."""
    return [
        {"prompt": f"What is {(first + i) % 13} plus {i * 7 % 17} ?", "solution": str((first + i) % 13 + i * 7 % 17)}
        for i in range(count)
    ]
