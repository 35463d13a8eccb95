using System.Globalization;

namespace PortMgmt.Operations.Errors;

/// <summary>Checks of options that name the option, its value and the range that holds.</summary>
internal static class OptionCheck
{
    public static void InRange(string option, int value, int low, int high)
    {
        if (value < low || value > high)
        {
            throw OutOfRange(option, value, low, high);
        }
    }

    public static void InRange(string option, double value, double low, double high)
    {
        // Not the negation of "outside": a NaN is neither below nor above any number and must fail here too.
        if (!(value >= low && value <= high))
        {
            throw OutOfRange(option, value, low, high);
        }
    }

    public static void InRange(string option, TimeSpan value, TimeSpan low, TimeSpan high)
    {
        if (value < low || value > high)
        {
            throw OutOfRange(option, value, low, high);
        }
    }

    public static void Defined<T>(string option, T value)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            throw Invalid(option, $"{option} is {value}: give one of {string.Join(", ", Enum.GetNames<T>())}.");
        }
    }

    public static OperationException Invalid(string option, string message) =>
        new(OperationErrorCode.InvalidOption, message) { Option = option };

    private static OperationException OutOfRange(string option, IFormattable value, IFormattable low, IFormattable high) =>
        Invalid(option, string.Create(CultureInfo.InvariantCulture, $"{option} is {value}: give a value from {low} to {high}."));
}
