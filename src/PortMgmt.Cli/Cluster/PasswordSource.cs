using System.Text;
using PortMgmt.Cli.Parsing;

namespace PortMgmt.Cli.Cluster;

/// <summary>Where a password comes from that is not to be on a command line.</summary>
internal static class PasswordSource
{
    private const int MaxBytes = 64 << 10;

    /// <summary>Reads the first line of a file.</summary>
    /// <param name="option">The option that names the file.</param>
    /// <param name="file">The file.</param>
    /// <exception cref="UsageException">It cannot be read, or has no first line.</exception>
    public static string ReadFile(string option, string file)
    {
        try
        {
            using FileStream stream = File.OpenRead(file);
            byte[] start = new byte[MaxBytes];
            string text = Encoding.UTF8.GetString(start, 0, stream.ReadAtLeast(start, MaxBytes, throwOnEndOfStream: false)).TrimStart('\uFEFF');
            int end = text.AsSpan().IndexOfAny('\r', '\n');
            string line = end < 0 ? text : text[..end];
            return line.Length > 0 ? line : throw new UsageException($"The first line of '{file}' is empty, and {option} takes a password from there.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new UsageException($"The file '{file}' of {option} cannot be read: {e.Message}");
        }
    }

    /// <summary>Asks on the terminal, which shows nothing of it.</summary>
    /// <exception cref="UsageException">There is no terminal.</exception>
    public static string Ask(string user)
    {
        if (Console.IsInputRedirected)
        {
            throw new UsageException("--ask-password needs a terminal as standard input, and operations come from there: give --password-file FILE.");
        }

        Console.Error.Write($"Password of {user}: ");
        var password = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                password.Length = Math.Max(0, password.Length - 1);
            }
            else if (key.KeyChar != '\0')
            {
                password.Append(key.KeyChar);
            }
        }

        Console.Error.WriteLine();
        return password.ToString();
    }
}
