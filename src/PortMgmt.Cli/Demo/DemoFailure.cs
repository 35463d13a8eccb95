namespace PortMgmt.Cli.Demo;

/// <summary>What the demo says when something is not as it shows it.</summary>
internal static class DemoFailure
{
    /// <summary>Makes sure of what is shown.</summary>
    /// <exception cref="IOException">It is not so.</exception>
    public static void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new IOException($"The demo failed: {otherwise} Please report it with the output above.");
        }
    }
}
