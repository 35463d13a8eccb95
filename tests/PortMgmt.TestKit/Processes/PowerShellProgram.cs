using System.Reflection;
using System.Runtime.InteropServices;

namespace PortMgmt.TestKit.Processes;

/// <summary>The engine as a program: the one from the packages, which a restore brings, precompiled where that has been done, or the one that a variable names.</summary>
public static class PowerShellProgram
{
    /// <summary>Names another pwsh, by its path or as it is found on PATH; it has to be of 7.6 or later.</summary>
    public const string Variable = "PORTMGMT_TEST_PWSH";

    /// <summary>The program that the variable names; null for the one from the packages.</summary>
    public static string? Named => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? named : null;

    /// <summary>The program with its first arguments.</summary>
    /// <exception cref="FileNotFoundException">It is not there. No test is skipped for that: a restore fetches it.</exception>
    public static string[] Command
    {
        get
        {
            if (Named is { } named)
            {
                return [named];
            }

            string precompiled = Path.Combine(Metadata("PowerShellPrecompiled"), "pwsh.dll");
            string program = File.Exists(precompiled) ? precompiled : Path.Combine(Metadata("PowerShellPackage"), OperatingSystem.IsWindows() ? "win" : "unix", "pwsh.dll");
            return File.Exists(program)
                ? [DotnetHost, program]
                : throw new FileNotFoundException($"The engine that runs these tests is not there; dotnet restore fetches it (the package powershell), {Variable} names another: {program}");
        }
    }

    private static string Metadata(string key) =>
        typeof(PowerShellProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(one => one.Key == key).Value!;

    /// <summary>The host of this very process: there may be no dotnet on PATH.</summary>
    private static string DotnetHost => Path.GetFullPath(
        Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
}
