using System.Diagnostics;

namespace PortMgmt.TestProcess;

/// <summary>What a command does with its arguments and its standard streams.</summary>
internal static class StreamVerbs
{
    /// <summary>Writes its arguments, each on a line.</summary>
    public static int Say(string[] arguments, TextWriter output)
    {
        foreach (string argument in arguments)
        {
            output.WriteLine(argument);
        }

        return 0;
    }

    /// <summary>Writes its input to its output and to its error output.</summary>
    public static int Tee()
    {
        using Stream input = Console.OpenStandardInput();
        using Stream output = Console.OpenStandardOutput();
        using Stream error = Console.OpenStandardError();
        byte[] bytes = new byte[64 << 10];
        for (int count = input.Read(bytes); count > 0; count = input.Read(bytes))
        {
            output.Write(bytes, 0, count);
            error.Write(bytes, 0, count);
        }

        return 0;
    }

    /// <summary>Writes until nobody reads any more.</summary>
    public static int Flood()
    {
        using Stream output = Console.OpenStandardOutput();
        byte[] bytes = new byte[64 << 10];
        while (true)
        {
            output.Write(bytes);
        }
    }

    /// <summary>Starts a process that stays and has its streams, tells its id, and ends or stays as well.</summary>
    public static int Nest(bool stays, TextWriter output)
    {
        using Process child = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["sleep"]))!;
        output.WriteLine(child.Id);
        if (stays)
        {
            child.WaitForExit();
        }

        return 0;
    }
}
