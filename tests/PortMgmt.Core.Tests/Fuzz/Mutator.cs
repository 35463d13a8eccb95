namespace PortMgmt.Tests.Fuzz;

/// <summary>Makes inputs of valid ones: bits flipped, bytes lost, doubled and strewn in, two spliced, and now and then nothing but noise.</summary>
internal static class Mutator
{
    private const int MostMutations = 6;
    private const int LongestNoise = 600;

    // Bytes that mean something to some reader.
    private static ReadOnlySpan<byte> Telling => "\0\x1b\n\r\t \"\\{}[],:-0129eE.+=/\x7f\xff\xc3\xed\xa0\x80"u8;

    /// <summary>An input; the same for the same seed.</summary>
    public static byte[] Mutate(IReadOnlyList<byte[]> corpus, int seed)
    {
        var random = new Random(seed);
        if (random.Next(16) == 0)
        {
            return Noise(random, random.Next(LongestNoise));
        }

        byte[] input = corpus[random.Next(corpus.Count)];
        for (int i = random.Next(MostMutations); i >= 0; i--)
        {
            input = MutateOnce(input, corpus, random);
        }

        return input;
    }

    /// <summary>Smaller inputs: with a part cut out, and with single bytes made plain.</summary>
    public static IEnumerable<byte[]> Shrink(byte[] input)
    {
        for (int length = input.Length; length > 0; length /= 2)
        {
            for (int start = 0; start + length <= input.Length; start += length)
            {
                yield return [.. input[..start], .. input[(start + length)..]];
            }
        }

        for (int i = 0; i < input.Length; i++)
        {
            if (input[i] != (byte)' ')
            {
                yield return [.. input[..i], (byte)' ', .. input[(i + 1)..]];
            }
        }
    }

    private static byte[] MutateOnce(byte[] input, IReadOnlyList<byte[]> corpus, Random random)
    {
        int at = random.Next(input.Length + 1);
        int end = Math.Min(input.Length, at + random.Next(1, 9));
        switch (random.Next(7))
        {
            case 0 when at < input.Length:
                byte[] flipped = [.. input];
                flipped[at] ^= (byte)(1 << random.Next(8));
                return flipped;
            case 1 when at < input.Length:
                byte[] replaced = [.. input];
                replaced[at] = Telling[random.Next(Telling.Length)];
                return replaced;
            case 2:
                return [.. input[..at], .. input[end..]];
            case 3:
                return [.. input[..end], .. input[at..]];
            case 4:
                return [.. input[..at], Telling[random.Next(Telling.Length)], .. input[at..]];
            case 5:
                byte[] other = corpus[random.Next(corpus.Count)];
                return [.. input[..at], .. other[random.Next(other.Length + 1)..]];
            default:
                return input[..at];
        }
    }

    private static byte[] Noise(Random random, int length)
    {
        byte[] noise = new byte[length];
        random.NextBytes(noise);
        return noise;
    }
}
