using System.Text;
using PortMgmt.Cli.Batch.Processes;
using PortMgmt.Cli.Parsing;
using PortMgmt.Cli.Run;

namespace PortMgmt.Cli.Batch;

/// <summary>Makes a template of the command line, for the verbs that run a command once for each operation.</summary>
internal static class TemplateReader
{
    /// <summary>Reads the command behind <c>--</c>.</summary>
    /// <param name="behind">What is there; null for nothing.</param>
    /// <param name="example">What might be there.</param>
    /// <param name="leasesPort">Whether <c>{port}</c> is a leased port.</param>
    /// <exception cref="UsageException">There is no command, or it does not exist.</exception>
    public static CommandTemplate Read(string[]? behind, string example, bool leasesPort)
    {
        if (behind is not { Length: > 0 })
        {
            throw new UsageException($"Run what? Write the command behind --, such as: {example}");
        }

        string[] command = CommandArguments.Read(behind);
        var template = new CommandTemplate(OperatingSystem.IsWindows() ? Array.ConvertAll(command, ToBytes) : command, leasesPort);
        RequireCommand(template);
        return template;
    }

    /// <summary>A command that is not there is said once, before the first line is read, and not once a line.</summary>
    private static void RequireCommand(CommandTemplate template)
    {
        if (template.FixedCommand is not { } command)
        {
            return;
        }

        try
        {
            if (OperatingSystem.IsWindows())
            {
                WindowsCommand.Find(Encoding.UTF8.GetString(command));
            }
            else
            {
                new CommandFile().Find(command);
            }
        }
        catch (CommandFailedException failure)
        {
            throw new UsageException(failure.Message);
        }
    }

    private static string ToBytes(string argument) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(argument));
}
