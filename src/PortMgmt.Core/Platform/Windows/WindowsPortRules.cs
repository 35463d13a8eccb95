using System.ComponentModel;
using System.Diagnostics;
using PortMgmt.Ports;

namespace PortMgmt.Platform.Windows;

/// <summary>
/// The ports that Windows keeps for itself, which netsh alone tells: a process of its own, asked once for each boot and user, and kept
/// in a file. An administrator's change counts from the next start of the machine on; what is excluded meanwhile shows when it is bound.
/// </summary>
/// <param name="cacheFile">Where the answers are kept; null for nowhere.</param>
/// <param name="boot">This boot; answers of another do not count.</param>
/// <param name="ask">Asks netsh; null where it gives no answer.</param>
internal sealed class WindowsPortRules(string? cacheFile, string boot, Func<string, string?> ask)
{
    private const string Separator = "\n----\n";

    // It answers in some 100 ms; on a machine that starts, or that is scanned for viruses, much later or not at all.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>Reads them, from the file if they are there.</summary>
    public SystemPortRules Read()
    {
        string[]? parts = ReadCache();
        if (parts is null)
        {
            string? dynamic = ask("int ipv4 show dynamicport tcp");

            // Whoever does not answer once is not waited for again.
            string? tcp = dynamic is null ? null : ask("int ipv4 show excludedportrange protocol=tcp");
            string? udp = tcp is null ? null : ask("int ipv4 show excludedportrange protocol=udp");
            parts = [dynamic ?? "", tcp ?? "", udp ?? ""];
            if (udp is not null)
            {
                WriteCache(parts);
            }
        }

        return new SystemPortRules(WindowsPortRanges.ParseDynamic(parts[0]), PortSet.Empty)
        {
            Excluded = WindowsPortRanges.ParseExcluded($"{parts[1]}\n{parts[2]}"),
        };
    }

    /// <summary>Asks netsh itself; null when it cannot be started, or takes longer than anybody would wait.</summary>
    public static string? AskNetsh(string arguments)
    {
        try
        {
            var start = new ProcessStartInfo(Path.Combine(Environment.SystemDirectory, "netsh.exe"), arguments) { RedirectStandardOutput = true, CreateNoWindow = true };
            using Process netsh = Process.Start(start)!;
            Task<string> answer = netsh.StandardOutput.ReadToEndAsync();
            if (answer.Wait(Limit))
            {
                return answer.Result;
            }

            netsh.Kill();
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or AggregateException)
        {
            // Without it there are the defaults, and ports are tried by binding them in any case.
        }

        return null;
    }

    private string[]? ReadCache()
    {
        try
        {
            string[]? parts = cacheFile is not null && File.Exists(cacheFile) ? File.ReadAllText(cacheFile).Split(Separator) : null;
            return parts is [string of, ..] && parts.Length == 4 && of == boot ? parts[1..] : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private void WriteCache(string[] parts)
    {
        if (cacheFile is null)
        {
            return;
        }

        string draft = $"{cacheFile}.{Guid.NewGuid():N}.new";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(cacheFile)!);
            File.WriteAllText(draft, string.Join(Separator, [boot, .. parts]));
            File.Move(draft, cacheFile, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is asked again then; nothing depends on the file.
            RemoveDraft(draft);
        }
    }

    private static void RemoveDraft(string draft)
    {
        try
        {
            File.Delete(draft);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A small file too many.
        }
    }
}
