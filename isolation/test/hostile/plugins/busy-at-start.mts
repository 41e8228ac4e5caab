for (;;);

export default {};
