namespace PortMgmt.TestKit.Fuzz;

/// <summary>Inputs that are valid, or were trouble once: what mutations start from. One file an input, in tests/corpus.</summary>
public static class Corpus
{
    /// <summary>The inputs for a target.</summary>
    public static byte[][] Read(string target) =>
        [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "corpus", target)).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
}
